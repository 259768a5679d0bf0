package dev.thrum.app.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A command with flags of its own, besides those that all commands have. */
public interface FlaggedCommand extends Callable<Integer> {
    /** Its flags, in the order of its help. */
    List<Flags> flags();

    /** The command line that reads these flags, and shows them below their headings. */
    static CommandLine line(FlaggedCommand command) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().usageMessage().sortOptions(false).abbreviateSynopsis(true);
        Settings.configFlag().options().forEach(line.getCommandSpec()::addOption);
        command.flags().forEach(group -> group.options().forEach(line.getCommandSpec()::addOption));
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new GroupedHelp(command.flags()));
        return line;
    }
}
