package dev.thrum.app.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A command with its own flags, in addition to those that all commands have. */
public interface FlaggedCommand extends Callable<Integer> {
    /** Its flags, in the order of its help. */
    List<Flags> flags();

    /** Its short help, if it has one. */
    default ShortHelp shortHelp() {
        return ShortHelp.NONE;
    }

    /** A command line that parses these flags and shows them in help under their headings. */
    static CommandLine line(FlaggedCommand command) {
        CommandLine line = new CommandLine(command);
        CommandSpec spec = line.getCommandSpec();
        spec.usageMessage().sortOptions(false).abbreviateSynopsis(true);
        if (!command.shortHelp().flags().isEmpty()) {
            spec.addOption(OptionSpec.builder(GroupedHelp.ALL)
                    .usageHelp(true)
                    .description("Show all flags and exit.")
                    .build());
        }
        Settings.configFlag().options().forEach(spec::addOption);
        command.flags().forEach(group -> group.options().forEach(spec::addOption));
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new GroupedHelp(command));
        return line;
    }
}
