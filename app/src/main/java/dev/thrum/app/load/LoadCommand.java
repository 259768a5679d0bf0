package dev.thrum.app.load;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.StopSignals;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.app.crawl.Screen;
import dev.thrum.app.crawl.TrustFlags;
import dev.thrum.base.Clock;
import dev.thrum.base.IoWords;
import dev.thrum.base.Threads;
import dev.thrum.http.Headers;
import dev.thrum.measure.Schedule;
import dev.thrum.measure.load.LoadPlan;
import dev.thrum.measure.load.LoadProtocol;
import dev.thrum.measure.load.LoadResult;
import dev.thrum.measure.load.LoadRun;
import dev.thrum.measure.load.Verdict;
import dev.thrum.tls.TlsClient;
import dev.thrum.tls.TlsConfigException;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum load}: loads a server, and measures it. */
@Command(
        name = "load",
        description = {
            "Sends requests to a server on a schedule that nothing delays, and shows how long they took,",
            "counted from when they were due. Figures that can't be trusted are marked INVALID, with the",
            "reason, and the status is 3.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum load http://localhost:8080/time --rate 500",
            "  thrum load http://localhost:8080/echo --rate 100 --data '{\"message\":\"Hi\"}' \\",
            "      --header 'Content-Type: application/json'",
            "  thrum load tcp://localhost:8888 --rate 1000 --send time,count",
            "  thrum load http://localhost:8080/time --closed --connections 64",
        })
public final class LoadCommand implements FlaggedCommand {
    private static final int INVALID = 3;
    private static final int COLUMNS = 120;

    /** The steps of the file of percentiles between two halvings of the rest. */
    private static final int TICKS = 5;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final TimeSpan WARMUP = TimeSpan.of("5s");

    @Parameters(paramLabel = "TARGET", description = "An http:// or https:// URL, or tcp://HOST:PORT for lines.")
    private String typed = "";

    private final Flags load = new Flags("Load:");
    private final Flag<@Nullable Double> rate = load.optional(
            "--rate",
            "N",
            LoadCommand::rate,
            "Requests per second, such as 500 or 0.5; needed unless --closed is given");
    private final Flag<Boolean> closed = load.on(
            "--closed", "Send as soon as there is a response, in place of --rate: the saturation, not what users feel");
    private final Flag<Integer> connections =
            load.number("--connections", 64, 1, LoadPlan.MOST_CONNECTIONS, "Connections");
    private final Flag<Integer> threads = load.number(
            "--threads", 1, 1, LoadPlan.MOST_THREADS, "Threads of the generator, which share rate and connections");
    private final Flag<TimeSpan> ramp = load.timeOrZero("--ramp", "0", "Time in which the rate grows evenly");
    private final Flag<@Nullable TimeSpan> warmup = load.optional(
            "--warmup",
            "TIME",
            TimeSpan::of,
            "Time after the ramp that is not measured (default: " + WARMUP
                    + ", or a fifth of --duration if that is less)");
    private final Flag<TimeSpan> duration = load.time("--duration", "30s", "Time that is measured");
    private final Flag<TimeSpan> timeout =
            load.time("--timeout", "10s", "How long to wait for a connection, and for a response");
    private final Flag<@Nullable String> permitted = load.text(
            "--yes-i-may-load", "HOST", "Load this host although it is another machine: its owner has agreed");

    private final Flags http = new Flags("HTTP:");
    private final Flag<@Nullable String> method =
            http.text("--method", "NAME", "The method (default: GET, or POST with --data)");
    private final Flag<List<String>> headers =
            http.each("--header", "NAME:VALUE", text -> text, "A header field; may be repeated");
    private final Flag<@Nullable String> data = http.text("--data", "TEXT", "The body of each request");

    private final Flags encryption = new Flags("TLS:");
    private final TrustFlags trust = new TrustFlags(encryption);

    private final Flags lines = new Flags("Lines:");
    private final Flag<List<String>> send = lines.texts(
            "--send",
            "LINE",
            "Lines to send in turn, separated by commas or in several flags; each has one line as reply");
    private final Flag<TimeSpan> greeting =
            lines.timeOrZero("--greeting", "300ms", "How long to wait for a greeting from the server, once");

    private final Flags output = new Flags("Output:");
    private final Flag<Boolean> json = output.on("--json", "Print a JSON object in place of the text");
    private final Flag<@Nullable String> hgrm =
            output.text("--hgrm", "FILE", "Also write the percentiles of the latency in ms to a file of HdrHistogram");

    @Spec
    private @Nullable CommandSpec spec;

    private static Double rate(String text) {
        if (text.matches("\\d{1,10}(\\.\\d{1,6})?")) {
            double value = Double.parseDouble(text);
            if (value > 0 && value <= Schedule.HIGHEST_RATE) {
                return value;
            }
        }
        throw new IllegalArgumentException("expected requests per second, more than 0 and at most "
                + Schedule.HIGHEST_RATE + " (one per nanosecond), but was \"" + text + "\"");
    }

    @Override
    public List<Flags> flags() {
        return List.of(load, http, encryption, lines, output);
    }

    @Override
    public Integer call() throws CommandException {
        try {
            requireLinux();
            LoadPlan plan = plan();
            LoadTarget target = LoadTarget.of(typed);
            requireFlagsOf(target);
            InetSocketAddress server = target.resolve(permitted.value());
            Optional<Path> file = percentiles();
            LoadReport report = run(plan, protocol(target, server), target, server);
            int status = print(report);
            if (file.isPresent()) {
                write(file.get(), report.result().times().latency());
            }
            return status;
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("expected to load " + typed + " to the end but was interrupted", e);
        }
    }

    private static void requireLinux() {
        String system = System.getProperty("os.name");
        if (!system.equals("Linux")) {
            throw new IllegalArgumentException(
                    "expected Linux (thrum load uses epoll and /proc) but this is " + system);
        }
    }

    private LoadPlan plan() {
        Double asked = rate.value();
        if ((asked == null) != closed.value()) {
            throw new IllegalArgumentException(
                    asked == null
                            ? "expected --rate with the requests per second, or --closed, but was given neither"
                            : "expected --rate or --closed but was given both: leave one of them out");
        }
        Duration measured = duration.value().duration();
        TimeSpan given = warmup.value();
        Duration fifth = measured.dividedBy(5);
        Duration usual = fifth.compareTo(WARMUP.duration()) < 0 ? fifth : WARMUP.duration();
        return new LoadPlan(
                asked == null ? 0 : asked,
                connections.value(),
                ramp.value().duration(),
                given == null ? usual : given.duration(),
                measured,
                timeout.value().duration(),
                threads.value());
    }

    private void requireFlagsOf(LoadTarget target) {
        boolean isHttp = target.url().isPresent();
        if (trust.areGiven() && !target.isEncrypted()) {
            throw new IllegalArgumentException(
                    "expected --ca and --insecure only with https:// but the target is " + target.text());
        }
        if (isHttp && !send.value().isEmpty()) {
            throw new IllegalArgumentException("expected --send only with tcp://HOST:PORT but the target is a URL");
        }
        if (!isHttp && send.value().isEmpty()) {
            throw new IllegalArgumentException("expected --send with the lines to send but was given none");
        }
        if (!isHttp
                && (method.value() != null
                        || data.value() != null
                        || !headers.value().isEmpty())) {
            throw new IllegalArgumentException(
                    "expected --method, --header and --data only with a URL but the target is " + target.text());
        }
    }

    private LoadProtocol protocol(LoadTarget target, InetSocketAddress server) throws CommandException {
        if (target.url().isEmpty()) {
            try {
                return LoadProtocol.lines(send.value(), server, greeting.value().duration());
            } catch (ConnectException e) {
                throw refused(e);
            } catch (IOException e) {
                throw new CommandException("cannot load " + typed + ": " + IoWords.of(e), e);
            }
        }
        String body = data.value();
        String name = method.value();
        String usual = body == null ? "GET" : "POST";
        Headers.Builder fields = Headers.builder();
        for (String field : headers.value()) {
            int colon = field.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("expected --header as 'NAME: VALUE' but was \"" + field + "\"");
            }
            fields.add(field.substring(0, colon), field.substring(colon + 1).strip());
        }
        return LoadProtocol.http(
                target.url().get(),
                name == null ? usual : name,
                fields.build(),
                body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
    }

    private CommandException refused(ConnectException e) {
        return new CommandException(
                "cannot load " + typed + ": "
                        + (String.valueOf(e.getMessage()).contains("refused")
                                ? "no program listens there; start the server or check the port"
                                : IoWords.of(e)),
                e);
    }

    /** The file for the percentiles, which is emptied, so that a wrong name is reported before the load and not after it. */
    private Optional<Path> percentiles() {
        String name = hgrm.value();
        if (name == null) {
            return Optional.empty();
        }
        Path file = Flags.file("--hgrm", name);
        try {
            return Optional.of(Files.write(file, new byte[0]));
        } catch (IOException e) {
            throw new IllegalArgumentException("expected to write " + file + " but could not: " + IoWords.of(e), e);
        }
    }

    private LoadReport run(LoadPlan plan, LoadProtocol protocol, LoadTarget target, InetSocketAddress server)
            throws CommandException, InterruptedException {
        LoadRun run = run(plan, protocol, server, target);
        CompletableFuture<LoadResult> end = new CompletableFuture<>();
        try (StopSignals signals = StopSignals.install()) {
            signals.afterFirst(run::stop);
            Threads.daemon("thrum-load", () -> {
                        try {
                            end.complete(run.run());
                        } catch (IOException | RuntimeException | Error e) {
                            end.completeExceptionally(e);
                        }
                    })
                    .start();
            LoadResult result = await(end, run, plan);
            stoppedBy = signals.haveArrived() ? signals.status() : 0;
            return new LoadReport(target.text(), result, Verdict.reasons(result));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ConnectException refused) {
                throw refused(refused);
            }
            if (e.getCause() instanceof IOException failed) {
                throw new CommandException("cannot load " + typed + ": " + IoWords.of(failed), failed);
            }
            throw new IllegalStateException("expected the generator to report what it measured", e.getCause());
        }
    }

    private LoadRun run(LoadPlan plan, LoadProtocol protocol, InetSocketAddress server, LoadTarget target)
            throws CommandException {
        if (!target.isEncrypted()) {
            return new LoadRun(plan, protocol, server, Clock.system());
        }
        TlsClient client =
                trust.tls("thrum load", line().getErr()).forHost(target.host()).withApplicationProtocols("http/1.1");
        try {
            client.prepare();
        } catch (TlsConfigException e) {
            throw new CommandException(e);
        }
        return LoadRun.encrypted(plan, protocol, server, () -> client.newEngine(target.port()), Clock.system());
    }

    /** The status by the signal that has stopped the load; 0 if none has. Owned by the thread of the command. */
    private int stoppedBy;

    private LoadResult await(CompletableFuture<LoadResult> end, LoadRun run, LoadPlan plan)
            throws ExecutionException, InterruptedException {
        Screen screen = new Screen(line().getOut(), line().getErr());
        boolean isTerminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        long seconds = 0;
        while (true) {
            try {
                return end.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                seconds++;
                String text = LoadReport.progress(plan, run.progress());
                if (isTerminal) {
                    screen.show(List.of(text.substring(0, Math.min(text.length(), COLUMNS))), COLUMNS);
                } else if (seconds % 10 == 0) {
                    screen.err(text);
                }
            } finally {
                if (end.isDone()) {
                    screen.flush();
                }
            }
        }
    }

    private int print(LoadReport report) {
        if (json.value()) {
            line().getOut().println(report.json());
        } else {
            report.lines().forEach(line().getOut()::println);
        }
        line().getOut().flush();
        if (stoppedBy != 0) {
            return stoppedBy;
        }
        return report.reasons().isEmpty() ? CommandLine.ExitCode.OK : INVALID;
    }

    private static void write(Path file, Histogram latency) {
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            latency.outputPercentileDistribution(out, TICKS, NANOS_PER_MILLI);
            if (!out.checkError()) {
                return;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("expected to write " + file + " but could not: " + IoWords.of(e), e);
        }
        throw new IllegalArgumentException("expected to write all percentiles to " + file
                + " but could not: free some space there, or name another file");
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
