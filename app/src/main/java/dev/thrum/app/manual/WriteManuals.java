package dev.thrum.app.manual;

import dev.thrum.app.cli.CommandText;
import dev.thrum.app.cli.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum write-manuals}: writes man pages and completions, which the build packages as {@code share}. */
@Command(name = "write-manuals", hidden = true, description = "Writes man pages and completions.")
public final class WriteManuals implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder, such as /usr/local/share.")
    private @Nullable Path folder;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (folder == null || spec == null) {
            throw new IllegalStateException("expected picocli to have set what it requires");
        }
        CommandText program = CommandText.of(spec.root().commandLine());
        for (CommandText command : program.all().toList()) {
            write(folder, "man/man1/" + ManPage.name(command) + ".1", ManPage.of(command, program, Version.text()));
        }
        write(folder, "bash-completion/completions/thrum", BashCompletion.of(program));
        write(folder, "zsh/site-functions/_thrum", ZshCompletion.of(program));
        return CommandLine.ExitCode.OK;
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
