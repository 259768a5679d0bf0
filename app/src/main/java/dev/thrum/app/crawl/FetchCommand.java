package dev.thrum.app.crawl;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.ShortHelp;
import dev.thrum.app.cli.StopSignals;
import dev.thrum.base.Clock;
import dev.thrum.crawl.fetch.Digest;
import dev.thrum.crawl.fetch.DownloadFolder;
import dev.thrum.crawl.fetch.FetchNetwork;
import dev.thrum.crawl.fetch.FetchRequest;
import dev.thrum.crawl.fetch.FetchResult;
import dev.thrum.crawl.fetch.Fetcher;
import dev.thrum.crawl.fetch.Head;
import dev.thrum.engine.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum fetch}: downloads files. */
@Command(
        name = "fetch",
        description = {
            "Downloads files, many at once. Nothing that is there is overwritten; what was interrupted is resumed.",
            "Ends with status 0 only if every file is there and complete.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum fetch https://example.org/a.iso https://example.org/b.iso --out downloads",
            "  thrum fetch -i urls.txt --parallel 64",
            "  thrum fetch https://example.org/a.iso --sum sha256:9f86d081...",
            "  thrum fetch https://example.org/ --head 1024",
        })
public final class FetchCommand implements FlaggedCommand {
    private static final int LONGEST_HEAD = 1 << 20;

    @Parameters(arity = "0..*", paramLabel = "URL", description = "What to download, over http or https.")
    private List<String> typed = List.of();

    private final Flags files = new Flags("Files:");
    private final Flag<@Nullable String> input = files.text(
            "-i", "--input", "FILE", "Also the URLs in this file, one on each line; - is the standard input");
    private final Flag<String> folder = files.value("--out", "DIR", ".", text -> text, "Save files in this folder");
    private final Flag<@Nullable Digest> sum = files.optional(
            "--sum", "DIGEST", Digest::parse, "Fail unless the file has this digest, such as sha256:HEX; for one URL");
    private final Flag<@Nullable Integer> head = files.optional(
            "--head", "BYTES", FetchCommand::headSize, "Print the first bytes, such as 1024, and save nothing");
    private final Flag<Boolean> json = files.on("--json", "Print a JSON object for each URL");

    private final NetworkOptions network = new NetworkOptions();
    private final Flags order = new Flags(network.flags().getFirst().heading());
    private final Flag<Boolean> sequential = order.on("--sequential", "One after the other, to compare the time with");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public List<Flags> flags() {
        List<Flags> shared = network.flags();
        return List.of(files, shared.getFirst(), order, shared.get(1), shared.get(2));
    }

    @Override
    public ShortHelp shortHelp() {
        return new ShortHelp(
                Set.of(
                        "--input",
                        "--out",
                        "--sum",
                        "--head",
                        "--json",
                        "--parallel",
                        "--per-host",
                        "--sequential",
                        "--timeout",
                        "--max-size",
                        "--retries"),
                List.of(
                        "The first Ctrl-C (or SIGTERM) stops and keeps the parts; the same command resumes them.",
                        "The folder .thrum-fetch in --out has the parts and a record of what is complete."));
    }

    private static int headSize(String text) {
        if (text.matches("\\d{1,7}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= LONGEST_HEAD) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException(
                "expected a number of bytes from 1 to " + LONGEST_HEAD + " but was \"" + text + "\"");
    }

    @Override
    public Integer call() throws CommandException {
        CommandLine line = line();
        PrintWriter err = line.getErr();
        FetchOutput output = new FetchOutput(new Screen(line.getOut(), err), json.value());
        UrlList list = list();
        list.malformed().forEach(output::malformed);
        if (list.urls().isEmpty()) {
            output.screen().flush();
            return CommandLine.ExitCode.USAGE;
        }
        if (list.repeated() > 0) {
            output.screen().err("thrum fetch: " + list.repetition());
        }
        try (StopSignals signals = StopSignals.install();
                Engine engine = Engine.virtual();
                FetchNetwork opened = FetchNetwork.over(engine, network.limits(), trust(err))) {
            return head.value() == null ? save(list, opened, output, signals) : heads(list, opened, output, signals);
        }
    }

    private UrlList list() {
        try {
            UrlList list = UrlList.read(typed, input.value());
            int all = list.urls().size() + list.malformed().size();
            if (sum.value() != null && all > 1) {
                throw new IllegalArgumentException(
                        "expected one URL with --sum but was given " + all + "; fetch this one by itself");
            }
            if (sum.value() != null && head.value() != null) {
                throw new IllegalArgumentException(
                        "expected --sum or --head but was given both; a digest is of a whole file");
            }
            return list;
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        }
    }

    private FetchNetwork.Trust trust(PrintWriter err) throws CommandException {
        try {
            return network.trust("thrum fetch", err);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        }
    }

    private int save(UrlList list, FetchNetwork opened, FetchOutput output, StopSignals signals)
            throws CommandException {
        Clock clock = Clock.system();
        try (DownloadFolder saved = DownloadFolder.open(out())) {
            Fetcher fetcher = new Fetcher(opened, saved, clock);
            Tally tally = tally(list);
            return run(list, output, signals, tally, (download, transfer) -> {
                FetchRequest request = download.next(network.maxTime(), clock);
                return switch (fetcher.fetch(request, transfer)) {
                    case FetchResult.Saved file -> {
                        tally.saved(file);
                        output.saved(download, file);
                        yield null;
                    }
                    case FetchResult.AlreadyThere file -> {
                        tally.present(file.bytes());
                        output.present(download, file);
                        yield null;
                    }
                    case FetchResult.Failed failed -> failed;
                };
            });
        } catch (IOException e) {
            throw new CommandException(e);
        }
    }

    private int heads(UrlList list, FetchNetwork opened, FetchOutput output, StopSignals signals)
            throws CommandException {
        int bytes = head.value() == null ? 1 : head.value();
        Tally tally = tally(list);
        return run(list, output, signals, tally, (download, _) -> {
            FetchRequest request = download.next(network.maxTime(), Clock.system());
            return switch (opened.head(request, bytes)) {
                case Head beginning -> {
                    tally.present(beginning.bytes().length);
                    output.head(download, beginning);
                    yield null;
                }
                case FetchResult.Failed failed -> failed;
            };
        });
    }

    private static Tally tally(UrlList list) {
        Tally tally = new Tally(list.urls().size() + list.malformed().size());
        list.malformed().forEach((_, _) -> tally.failed());
        return tally;
    }

    private int run(UrlList list, FetchOutput output, StopSignals signals, Tally tally, FetchRun.Attempt attempt)
            throws CommandException {
        Clock clock = Clock.system();
        int parallel = sequential.value()
                ? 1
                : Math.min(network.parallel(), list.urls().size());
        FetchRun.Plan plan =
                new FetchRun.Plan(parallel, Math.min(parallel, network.perHost()), network.retry(FetchRun::mayPass));
        long begun = clock.nanoTime();
        boolean isComplete;
        try (Progress _ = Progress.start(output.screen(), tally, clock)) {
            isComplete = new FetchRun(attempt, plan, tally, output, clock).run(downloads(list), signals);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("expected to fetch all files but was interrupted", e);
        }
        Tally.Numbers numbers = tally.numbers();
        output.sum(numbers, Duration.ofNanos(clock.nanoTime() - begun), !isComplete);
        output.screen().flush();
        return isComplete && numbers.complete() == numbers.files()
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }

    private List<Download> downloads(UrlList list) {
        Digest digest = sum.value();
        return list.urls().stream()
                .map(FetchRequest::of)
                .map(request -> new Download(digest == null ? request : request.with(digest)))
                .toList();
    }

    private Path out() {
        try {
            return Flags.folder("--out", folder.value());
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        }
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
