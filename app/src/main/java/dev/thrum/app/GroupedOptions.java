package dev.thrum.app;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command below headings, chosen by the tens of their order.
 *
 * <p>Picocli's own groups are no use for it: an option given twice would begin a second group, and reset the others
 * of the first without a word.
 */
record GroupedOptions(Map<Integer, String> headings) implements IHelpSectionRenderer {
    @Override
    public String render(Help help) {
        Map<Integer, List<OptionSpec>> groups = help.commandSpec().options().stream()
                .filter(option -> !option.hidden())
                .collect(Collectors.groupingBy(
                        option -> Math.max(0, option.order()) / 10, TreeMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder();
        groups.forEach((tens, options) -> {
            if (headings.containsKey(tens)) {
                text.append(String.format("%n%s%n", headings.get(tens)));
            }
            text.append(help.optionListExcludingGroups(options));
        });
        return text.toString();
    }
}
