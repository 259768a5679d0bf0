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
import java.util.Optional;
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
        synopsisSubcommandLabel = "[COMMAND]",
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
            "  thrum crawl --refresh example",
            "  thrum crawl https://example.org/ --queue kafka://broker:9092/example --out part",
            "  thrum crawl merge example other --out all",
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
    private final Flag<@Nullable String> refreshed = what.files()
            .text(
                    "--refresh",
                    "DIR",
                    "Crawl again what this folder has, with its arguments, and record what has changed");
    private final SharedFlags shared = new SharedFlags(what.files());
    private final Flag<Boolean> json = what.files().on("--json", "Print the result as a JSON object");

    @Spec
    private @Nullable CommandSpec spec;

    /** What is done with the folder. */
    private enum Mode {
        CREATE,
        RESUME,
        REFRESH,
        JOIN
    }

    /** The command with those below it. */
    public static CommandLine withSubcommands() {
        return FlaggedCommand.line(new CrawlCommand())
                .addSubcommand(FlaggedCommand.line(new MergeCommand()))
                .addSubcommand(FlaggedCommand.line(new StatusCommand()));
    }

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
                        "--refresh",
                        "--queue",
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
        String again = refreshed.value();
        if (shared.lacksQueue()) {
            throw new CommandLine.ParameterException(
                    line(), "expected --queue with --kafka-properties but was given none");
        }
        if (shared.isGiven()) {
            requireNoResume();
            return crawl(folder(folder.value(), "--out"), Mode.JOIN, arguments(), line());
        }
        if (again != null) {
            requireNoMore();
            return crawl(again, "--refresh", Mode.REFRESH);
        }
        String continued = resumed.value();
        return continued == null
                ? crawl(folder(folder.value(), "--out"), Mode.CREATE, arguments(), line())
                : crawl(continued, "--resume", Mode.RESUME);
    }

    private void requireNoResume() {
        if (resumed.value() != null || refreshed.value() != null) {
            String flag = resumed.value() != null ? "--resume" : "--refresh";
            throw new CommandLine.ParameterException(
                    line(),
                    "expected --queue without " + flag + " but was given both: "
                            + (resumed.value() != null
                                    ? "use the same command again, with --out, to go on"
                                    : "a crawl of several processes can't be refreshed; merge its folders, and refresh that"));
        }
    }

    /** Checks that nothing is given besides {@code --refresh} that it knows from its folder. */
    private void requireNoMore() {
        String more = resumed.value() != null
                ? "--resume: continue a crawl first, and refresh it when it has ended"
                : folder.value() != null
                        ? "--out: it writes into the folder of the crawl"
                        : typed.isEmpty()
                                ? null
                                : "the SEED " + typed.getFirst() + ": it begins where the crawl has begun";
        if (more != null) {
            throw new CommandLine.ParameterException(line(), "expected --refresh with DIR only but was given " + more);
        }
    }

    /** Crawls into a folder that has a crawl, with the arguments of that and then those of this run. */
    private int crawl(String name, String flag, Mode mode) throws CommandException {
        CommandLine line = line();
        Path into = folder(name, flag);
        try {
            Optional<String> fault = Crawl.fault(into);
            if (fault.isPresent()) {
                throw new CommandLine.ParameterException(
                        line, "expected " + flag + " with the folder of a crawl but " + fault.get());
            }
        } catch (IOException e) {
            throw new CommandException("expected to read " + into + " but: " + IoWords.of(e), e);
        }
        List<String> saved = saved(into);
        List<String> given = without(flag, arguments());
        List<String> arguments = new ArrayList<>(saved);
        if (!endsWith(saved, given)) {
            arguments.addAll(given);
        }
        CrawlCommand again = parsed(arguments);
        if (again.what.sortQuery() != parsed(saved).what.sortQuery()) {
            throw new CommandLine.ParameterException(
                    line,
                    "expected --sort-query only where a crawl is begun, since it says which URLs are the same, but was"
                            + " given it with " + flag + ": crawl again into another folder");
        }
        return again.crawl(into, mode, arguments, line);
    }

    private CrawlCommand parsed(List<String> arguments) {
        CrawlCommand command = new CrawlCommand();
        CommandLine parser = FlaggedCommand.line(command)
                .setOverwrittenOptionsAllowed(true)
                .setOut(line().getOut())
                .setErr(line().getErr());
        var _ = parser.parseArgs(arguments.toArray(String[]::new));
        return command;
    }

    /** The arguments without a flag and its value, in both of its forms. */
    private static List<String> without(String flag, List<String> arguments) {
        List<String> left = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals(flag)) {
                i++;
            } else if (!arguments.get(i).startsWith(flag + "=")) {
                left.add(arguments.get(i));
            }
        }
        return left;
    }

    /** Whether the same was given the last time, so that the list of a crawl that is refreshed each day does not grow. */
    private static boolean endsWith(List<String> list, List<String> end) {
        return list.size() >= end.size()
                && list.subList(list.size() - end.size(), list.size()).equals(end);
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

    /**
     * Crawls with the flags of this command.
     *
     * @param arguments to be saved
     * @param line that is run, for messages
     */
    private int crawl(Path into, Mode mode, List<String> arguments, CommandLine line) throws CommandException {
        Screen screen = new Screen(line.getOut(), line.getErr());
        LuceneLog.keepErrorsOnly();
        try (StopSignals signals = StopSignals.install();
                Engine engine = Engine.virtual();
                CrawlOutput output = new CrawlOutput(screen, engine.clock())) {
            Crawl.Surroundings around = new Crawl.Surroundings(
                    engine, what.guard(), what.trust().tls("thrum crawl", line.getErr()), new SecureRandom());
            CrawlOptions options = what.options(seeds(), engine.clock());
            try (Crawl crawl = switch (mode) {
                case CREATE -> Crawl.create(into, options, around, output);
                case RESUME -> Crawl.resume(into, options, around, output);
                case REFRESH -> Crawl.refresh(into, options, around, output);
                case JOIN -> shared.join(into, options, around, output);
            }) {
                if (mode == Mode.CREATE || mode == Mode.REFRESH) {
                    // How a run prints its result is no matter of the crawl.
                    SavedArguments.write(
                            into,
                            arguments.stream()
                                    .filter(it -> !it.equals("--json"))
                                    .toList());
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
            output.end(result, shared.isGiven() ? "the same command" : "thrum crawl --resume " + into);
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
