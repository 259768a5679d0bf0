package dev.thrum.app.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The flags of a command in its help: those that all commands have, then its own, under their headings. A short help has
 * only the most important ones, without headings.
 *
 * <p>Picocli's own groups can't be used: an option that is given twice would begin a second group, and silently reset the
 * other options of the first.
 */
record GroupedHelp(FlaggedCommand command) implements IHelpSectionRenderer {
    /** The flag that shows all flags, in commands with a short help. */
    static final String ALL = "--help-all";

    @Override
    public String render(Help help) {
        OptionSpec all = help.commandSpec().findOption(ALL);
        boolean isShort = all != null && !Boolean.TRUE.equals(all.getValue());
        List<OptionSpec> first = common(help.commandSpec());
        if (isShort) {
            own().filter(option -> command.shortHelp().flags().contains(option.longestName()))
                    .forEach(first::add);
        }
        StringBuilder text = new StringBuilder(help.optionListExcludingGroups(first));
        if (isShort) {
            text.append(String.format(
                    "%n%s %s shows all flags: limits, deadlines and more.%n",
                    help.commandSpec().qualifiedName(), ALL));
        } else {
            groups().forEach((heading, options) ->
                    text.append(String.format("%n%s%n", heading)).append(help.optionListExcludingGroups(options)));
            if (!command.shortHelp().notes().isEmpty()) {
                text.append(String.format(
                        "%n%s%n",
                        String.join(System.lineSeparator(), command.shortHelp().notes())));
            }
        }
        return text.toString();
    }

    /** The flags that all commands have; the help flags come first. */
    List<OptionSpec> common(CommandSpec spec) {
        List<OptionSpec> common = new ArrayList<>(spec.options());
        common.removeAll(own().toList());
        common.sort(Comparator.comparing((OptionSpec option) -> !option.usageHelp())
                .thenComparing(option -> !option.versionHelp())
                .thenComparing(OptionSpec::longestName));
        return common;
    }

    private Stream<OptionSpec> own() {
        return command.flags().stream().flatMap(group -> group.options().stream());
    }

    /** The command's own flags by their headings, which several groups can share. */
    Map<String, List<OptionSpec>> groups() {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        for (Flags group : command.flags()) {
            groups.computeIfAbsent(group.heading(), _ -> new ArrayList<>()).addAll(group.options());
        }
        return groups;
    }
}
