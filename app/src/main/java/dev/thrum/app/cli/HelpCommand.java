package dev.thrum.app.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code thrum help [COMMAND]}: the same text as {@code thrum COMMAND --help}. */
@Command(
        name = "help",
        description = "Shows the help of a command.",
        footer = {
            "",
            "Examples:",
            "  thrum help",
            "  thrum help serve",
            "  thrum help users add",
        })
public final class HelpCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command (default: all, in short)")
    private List<String> names = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        CommandLine command = spec.root().commandLine();
        for (String name : names) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null) {
                throw new UnmatchedArgumentException(command, List.of(name));
            }
            command = next;
        }
        command.usage(command.getOut());
        return CommandLine.ExitCode.OK;
    }
}
