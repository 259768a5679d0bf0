package dev.thrum.app.count;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.work.WorkerPool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum count}: counts the lines, words, characters and bytes of files. */
@Command(
        name = "count",
        description = {
            "Counts lines, words, characters and bytes of files, and adds them up if there are several.",
            "Characters are code points of UTF-8. Words are separated by white space.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum count README.md",
            "  thrum count docs/*.md --json",
            "  git log | thrum count -          the standard input",
        })
public final class CountCommand implements FlaggedCommand {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files; - is the standard input.")
    private List<String> files = List.of();

    private final Flags output = new Flags("Output:");
    private final Flag<Boolean> json = output.on("--json", "Print a JSON object for each file, and one for the sum");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public List<Flags> flags() {
        return List.of(output);
    }

    @Override
    public Integer call() throws CommandException {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        List<CountedFile> all = files.stream().map(CountedFile::new).toList();
        long bytes = all.stream().mapToLong(CountedFile::size).sum();
        CountTable table = new CountTable(
                spec.commandLine().getOut(),
                spec.commandLine().getErr(),
                json.value(),
                Long.toString(bytes).length());
        int workers = Math.min(all.size(), Runtime.getRuntime().availableProcessors());
        try (WorkerPool pool = WorkerPool.platform("thrum-count", workers, workers)) {
            return new Counting(all, table).run(pool) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("expected to count all files but was interrupted", e);
        }
    }
}
