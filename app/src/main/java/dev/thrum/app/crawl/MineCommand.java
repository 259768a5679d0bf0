package dev.thrum.app.crawl;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.ShortHelp;
import dev.thrum.base.Clock;
import dev.thrum.crawl.fetch.FetchLimits;
import dev.thrum.crawl.fetch.FetchNetwork;
import dev.thrum.crawl.mine.Mined;
import dev.thrum.crawl.mine.MinedFormat;
import dev.thrum.crawl.mine.Miner;
import dev.thrum.crawl.mine.MinerOptions;
import dev.thrum.crawl.mine.Selection;
import dev.thrum.engine.Engine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum mine}: prints values from pages of the web. */
@Command(
        name = "mine",
        description = {
            "Prints what CSS selectors match on pages of the web: a line of JSON, or of CSV, for each match.",
            "Fetches and parses many pages at once, and prints them in the order in which they are ready.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum mine https://example.org/ --select title",
            "  thrum mine -i urls.txt --select h1 --select a.more@href --csv > pages.csv",
        })
public final class MineCommand implements FlaggedCommand {
    /** A page is parsed in memory, where it takes several times its size. */
    private static final long LARGEST_PAGE = 16L << 20;

    @Parameters(arity = "0..*", paramLabel = "URL", description = "The pages, over http or https.")
    private List<String> typed = List.of();

    private final Flags pages = new Flags("Pages:");
    private final Flag<@Nullable String> input = pages.text(
            "-i", "--input", "FILE", "Also the URLs in this file, one on each line; - is the standard input");
    private final Flag<List<Selection>> selections = pages.each(
            "--select",
            "CSS[@ATTR]",
            Selection::parse,
            "What to print: the text of the elements that match, or an attribute of theirs; may be repeated. @href and"
                    + " @src become absolute URLs; title is the title of the page");
    private final Flag<Boolean> csv = pages.on("--csv", "Print CSV with a header, in place of JSON");

    private final NetworkOptions network = new NetworkOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public List<Flags> flags() {
        List<Flags> shared = network.flags();
        return List.of(pages, shared.getFirst(), shared.get(1), shared.get(2));
    }

    @Override
    public ShortHelp shortHelp() {
        return new ShortHelp(
                Set.of(
                        "--input",
                        "--select",
                        "--csv",
                        "--parallel",
                        "--per-host",
                        "--timeout",
                        "--max-size",
                        "--retries"),
                List.of(
                        "Ends with status 0 only if every page was parsed; a page without a match is no failure.",
                        "Without --max-size, a page of more than 16 MB is a failure."));
    }

    @Override
    public Integer call() throws CommandException {
        CommandLine line = line();
        UrlList list = list();
        Output output = new Output(csv.value() ? MinedFormat.CSV : MinedFormat.JSON, line.getOut(), line.getErr());
        output.begin();
        list.malformed().forEach((text, reason) -> output.add(new Mined.Failed(text, null, 0, reason)));
        if (list.urls().isEmpty()) {
            return CommandLine.ExitCode.USAGE;
        }
        try (Engine engine = Engine.virtual();
                FetchNetwork opened = FetchNetwork.over(engine, limits(), trust(line.getErr()))) {
            miner(opened, engine.clock()).mine(list.urls().iterator(), output::add);
        } catch (InterruptedException e) {
            if (!output.isUnwanted()) {
                Thread.currentThread().interrupt();
                throw new CommandException("expected to mine all pages but was interrupted", e);
            }
        }
        return output.hasFailures() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private UrlList list() {
        try {
            if (selections.value().isEmpty()) {
                throw new IllegalArgumentException(
                        "expected --select with what to print, such as --select title, but was given none");
            }
            return UrlList.read(typed, input.value());
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        }
    }

    private FetchNetwork.Trust trust(PrintWriter err) throws CommandException {
        try {
            return network.trust("thrum mine", err);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        }
    }

    private FetchLimits limits() {
        FetchLimits limits = network.limits();
        return limits.maxSize() == Long.MAX_VALUE ? limits.withMaxSize(LARGEST_PAGE) : limits;
    }

    private Miner miner(FetchNetwork opened, Clock clock) {
        MinerOptions options = MinerOptions.defaults()
                .withFetchers(network.parallel(), network.perHost())
                .withRetry(network.retry(_ -> true))
                .withMaxTime(network.maxTime());
        return new Miner(opened, selections.value(), options, clock);
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }

    /** The results on the standard output, and failures on the standard error too; for one thread at a time. */
    private static final class Output {
        private final MinedFormat format;
        private final PrintWriter out;
        private final PrintWriter err;
        private final Thread miner = Thread.currentThread();
        /** Written by whichever thread passes a result on; the miner passes them on one at a time. */
        private volatile boolean hasFailures;

        private volatile boolean isUnwanted;

        Output(MinedFormat format, PrintWriter out, PrintWriter err) {
            this.format = format;
            this.out = out;
            this.err = err;
        }

        void begin() {
            out.print(format.header());
            out.flush();
        }

        void add(Mined result) {
            if (result instanceof Mined.Failed failed) {
                hasFailures = true;
                err.println("thrum mine: " + UrlList.fault(failed.url(), failed.error()));
                err.flush();
            }
            out.print(format.lines(result));
            // It flushes, so that whatever reads the output has each page as soon as it is there.
            if (out.checkError() && !isUnwanted) {
                isUnwanted = true;
                miner.interrupt();
            }
        }

        boolean hasFailures() {
            return hasFailures;
        }

        /** Whether nobody reads the output any more, or it can't be written, so that the rest is not needed. */
        boolean isUnwanted() {
            return isUnwanted;
        }
    }
}
