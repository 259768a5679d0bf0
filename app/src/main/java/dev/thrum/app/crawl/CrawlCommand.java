package dev.thrum.app.crawl;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.ShortHelp;
import dev.thrum.app.cli.StopSignals;
import dev.thrum.app.search.LuceneLog;
import dev.thrum.base.IoWords;
import dev.thrum.crawl.crawler.Crawl;
import dev.thrum.crawl.crawler.CrawlEnd;
import dev.thrum.crawl.crawler.CrawlFolderException;
import dev.thrum.crawl.crawler.CrawlOptions;
import dev.thrum.crawl.crawler.CrawlResult;
import dev.thrum.crawl.crawler.SeedRefusedException;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.url.Url;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum crawl}: fetches all pages of hosts. */
@Command(
        name = "crawl",
        description = {
            "Fetches the pages of whole hosts, each once, politely, and records them and what was left out.",
            "Can be stopped at any time, or crash, and goes on where it was with --resume.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum crawl https://example.org/ --out example",
            "  thrum crawl https://example.org/ --out example --host '*.example.org' --depth 5",
            "  thrum crawl --resume example",
        })
public final class CrawlCommand implements FlaggedCommand {
    /** Not every seed was fetched. */
    private static final int SEED_FAILED = 3;

    @Parameters(arity = "0..*", paramLabel = "SEED", description = "Where to begin: URLs, over http or https.")
    private List<String> typed = List.of();

    private final CrawlFlags what = new CrawlFlags();
    private final Flag<@Nullable String> folder =
            what.files().text("--out", "DIR", "Write into this folder, which must not have a crawl");
    private final Flag<@Nullable String> resumed =
            what.files().text("--resume", "DIR", "Continue the crawl in this folder, with its arguments");
    private final Flag<Boolean> json = what.files().on("--json", "Print the result as a JSON object");

    @Spec
    private @Nullable CommandSpec spec;

    /** The arguments of the program, of which {@code --allow-private} has a value if this is the command: it may have none. */
    public static String[] withValueOfAllowPrivate(String[] arguments) {
        if (arguments.length == 0 || !arguments[0].equals("crawl")) {
            return arguments;
        }
        return Arrays.stream(arguments)
                .map(argument ->
                        argument.equals("--allow-private") ? argument + "=" + CrawlFlags.EVERY_ADDRESS : argument)
                .toArray(String[]::new);
    }

    @Override
    public List<Flags> flags() {
        return what.flags();
    }

    @Override
    public ShortHelp shortHelp() {
        return new ShortHelp(
                Set.of(
                        "--out",
                        "--resume",
                        "--host",
                        "--depth",
                        "--include",
                        "--exclude",
                        "--max-pages",
                        "--delay",
                        "--parallel",
                        "--agent",
                        "--allow-private"),
                List.of(
                        "The first Ctrl-C (or SIGTERM) stops the crawl cleanly; --resume continues it.",
                        "Ends with status 0 if it is finished, stopped or at a limit; 1 if it is stuck or can't write;",
                        "3 if a seed could not be fetched."));
    }

    @Override
    public Integer call() throws CommandException {
        CommandLine line = line();
        String continued = resumed.value();
        if (continued == null) {
            return crawl(folder(folder.value(), "--out"), false);
        }
        Path resumedFolder = folder(continued, "--resume");
        if (!Crawl.isIn(resumedFolder)) {
            throw new CommandLine.ParameterException(
                    line,
                    "expected --resume with the folder of a crawl but " + resumedFolder
                            + " has none: name the folder that was its --out");
        }
        CrawlCommand again = new CrawlCommand();
        CommandLine parser = FlaggedCommand.line(again)
                .setOverwrittenOptionsAllowed(true)
                .setOut(line.getOut())
                .setErr(line.getErr());
        List<String> arguments = new ArrayList<>(saved(resumedFolder));
        arguments.addAll(arguments());
        var _ = parser.parseArgs(arguments.toArray(String[]::new));
        return again.crawl(resumedFolder, true);
    }

    /** The arguments after the name of the command. */
    private List<String> arguments() {
        List<String> all = line().getParseResult().originalArgs();
        return all.subList(all.indexOf("crawl") + 1, all.size());
    }

    private List<String> saved(Path from) throws CommandException {
        try {
            return SavedArguments.read(from);
        } catch (IOException e) {
            throw new CommandException(
                    "expected the arguments of the crawl in " + from + " but they can't be read: " + IoWords.of(e), e);
        }
    }

    private Path folder(@Nullable String name, String flag) {
        if (name == null) {
            throw new CommandLine.ParameterException(
                    line(),
                    "expected --out with a folder for what is fetched, such as --out crawl, but was given none");
        }
        try {
            return Flags.folder(flag, name);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        }
    }

    private int crawl(Path into, boolean isResumed) throws CommandException {
        CommandLine line = line();
        Screen screen = new Screen(line.getOut(), line.getErr());
        LuceneLog.keepErrorsOnly();
        try (StopSignals signals = StopSignals.install();
                Engine engine = Engine.virtual()) {
            CrawlOutput output = new CrawlOutput(screen, engine.clock());
            Crawl.Surroundings around = new Crawl.Surroundings(
                    engine, what.guard(), what.trust().tls("thrum crawl", line.getErr()), new SecureRandom());
            CrawlOptions options = what.options(seeds(), engine.clock());
            try (Crawl crawl = isResumed
                    ? Crawl.resume(into, options, around, output)
                    : Crawl.create(into, options, around, output)) {
                if (!isResumed) {
                    SavedArguments.write(into, arguments());
                }
                signals.afterFirst(() -> crawl.stop("a signal"));
                return result(crawl.run(), output, into);
            }
        } catch (IllegalArgumentException | CrawlFolderException e) {
            throw new CommandLine.ParameterException(line, String.valueOf(e.getMessage()), e);
        } catch (SeedRefusedException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandException("expected to crawl into " + into + " but: " + IoWords.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("expected to crawl to the end but was interrupted", e);
        }
    }

    private List<Url> seeds() {
        if (typed.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected a SEED to begin with, such as https://example.org/, but was given none");
        }
        UrlList list = UrlList.read(typed, null);
        list.malformed().forEach((text, reason) -> {
            throw new IllegalArgumentException(UrlList.fault(text, reason));
        });
        return list.urls();
    }

    private int result(CrawlResult result, CrawlOutput output, Path into) {
        if (json.value()) {
            output.endAsJson(result);
        } else {
            output.end(result, into);
        }
        return switch (result.end()) {
            case CrawlEnd.Stuck _, CrawlEnd.Failed _ -> CommandLine.ExitCode.SOFTWARE;
            default -> result.failedSeeds().isEmpty() ? CommandLine.ExitCode.OK : SEED_FAILED;
        };
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
