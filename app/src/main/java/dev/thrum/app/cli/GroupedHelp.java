package dev.thrum.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The flags of a command below their headings, and before them those that all commands have.
 *
 * <p>Picocli's own groups can't be used for it: an option given twice would begin a second group, and reset the others
 * of the first without a message.
 */
record GroupedHelp(List<Flags> flags) implements IHelpSectionRenderer {
    @Override
    public String render(Help help) {
        List<OptionSpec> common = new ArrayList<>(help.commandSpec().options());
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        for (Flags group : flags) {
            groups.computeIfAbsent(group.heading(), _ -> new ArrayList<>()).addAll(group.options());
            common.removeAll(group.options());
        }
        StringBuilder text = new StringBuilder(help.optionListExcludingGroups(common));
        groups.forEach((heading, options) ->
                text.append(String.format("%n%s%n", heading)).append(help.optionListExcludingGroups(options)));
        return text.toString();
    }
}
