package dev.thrum.app.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code thrum version}: the same text as {@code thrum --version}. */
@Command(name = "version", description = "Shows the version.")
public final class VersionCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        spec.commandLine().printVersionHelp(spec.commandLine().getOut());
        return CommandLine.ExitCode.OK;
    }
}
