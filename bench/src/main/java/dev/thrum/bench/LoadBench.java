package dev.thrum.bench;

import dev.thrum.bench.load.WrkReport;
import dev.thrum.bench.options.LoadOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code thrum bench load}: {@code thrum load} in a closed loop compared with wrk, with 64 connections to the same server and on
 * the same core, in turn; and the verdicts of {@code thrum compare} ({@link VerdictBench}).
 *
 * <p>The CPU per request of {@code thrum load} is that of its window; that of wrk is that of its whole run, which has next to
 * nothing else.
 */
final class LoadBench {
    private static final int CONNECTIONS = 64;
    private static final String SERVER = "events-epoll";
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final double MICROS = 1e6;
    private static final Bound RATE = Bound.atLeast(0.6, 0.9);
    private static final Bound CPU = Bound.atMost(2.5, 1.5);

    /** Valid figures, and invalid ones: a generator that saturates its core is invalid by its own standards. */
    private static final List<Integer> STATUSES = List.of(0, 3);

    private final Path thrum;
    private final PrintStream out;

    /** Requests per second, and CPU microseconds per request. */
    private record Measured(double rate, double cpu) {}

    LoadBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        LoadOptions options = LoadOptions.of(arguments);
        if (options.has(LoadOptions.WRK)) {
            runWithWrk(arguments, options);
        }
        new VerdictBench(thrum, out).run(arguments, options);
    }

    private void runWithWrk(List<String> arguments, LoadOptions options) throws IOException, InterruptedException {
        WrkReport.find();
        Pinning pinning = Pinning.find();
        Processes processes = new Processes(Protocol.HTTP, thrum, pinning);
        Contender server = Protocol.HTTP.contender(SERVER).orElseThrow();
        List<Measured> ours = new ArrayList<>();
        List<Measured> theirs = new ArrayList<>();
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            Processes.Serving serving = processes
                    .fast(server, CONNECTIONS)
                    .orElseThrow(() -> new IOException("expected the server " + SERVER + " to run here"));
            try (Child _ = serving.process()) {
                String url = "http://127.0.0.1:" + serving.port() + "/plaintext";
                // The first round warms the server up.
                for (int round = -1; round < options.rounds(); round++) {
                    System.err.println("load, round " + (round + 1) + " of " + options.rounds());
                    Measured one =
                            round % 2 == 0 ? thrum(url, pinning, options, folder) : wrk(url, pinning, options, folder);
                    Measured other =
                            round % 2 == 0 ? wrk(url, pinning, options, folder) : thrum(url, pinning, options, folder);
                    if (round >= 0) {
                        ours.add(round % 2 == 0 ? one : other);
                        theirs.add(round % 2 == 0 ? other : one);
                    }
                }
            }
        }
        print(arguments, options, pinning, ours, theirs);
    }

    private Measured thrum(String url, Pinning pinning, LoadOptions options, ScratchFolder folder)
            throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        pinning.generator().stream(),
                        Stream.of(
                                thrum.toString(),
                                "load",
                                url,
                                "--closed",
                                "--connections",
                                Integer.toString(CONNECTIONS),
                                "--warmup",
                                WARM_UP.compareTo(options.window()) < 0
                                        ? WARM_UP.toSeconds() + "s"
                                        : options.window().toSeconds() + "s",
                                "--duration",
                                options.window().toSeconds() + "s",
                                "--json"))
                .toList();
        ProgramRun run = ProgramRun.of(command, Map.of(), folder.path(), PATIENCE);
        if (!STATUSES.contains(run.status())) {
            throw new IOException("expected thrum load to measure but its status is " + run.status() + ": "
                    + String.join(" / ", run.errors()));
        }
        JsonNode json = JsonMapper.shared().readTree(run.output().getLast());
        double requests = json.get("answered").asDouble();
        return new Measured(
                requests / json.get("seconds").asDouble(),
                json.get("generator_cpu_seconds").asDouble() * MICROS / requests);
    }

    private static Measured wrk(String url, Pinning pinning, LoadOptions options, ScratchFolder folder)
            throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        pinning.generator().stream(),
                        Stream.of(
                                WrkReport.find().toString(),
                                "-t1",
                                "-c" + CONNECTIONS,
                                "-d" + options.window().toSeconds() + "s",
                                url))
                .toList();
        ProgramRun run =
                ProgramRun.of(command, Map.of(), folder.path(), PATIENCE).succeeded("wrk");
        WrkReport report = new WrkReport(run.output());
        return new Measured(report.rate(), run.cpu() * MICROS / report.requests());
    }

    private void print(
            List<String> arguments, LoadOptions options, Pinning pinning, List<Measured> ours, List<Measured> theirs)
            throws IOException {
        SpeedBench.about(out, "load", arguments);
        out.printf(
                Locale.ROOT,
                "* %d rounds of %d s, in turn; %s; %d connections; the server is `%s`%n%n",
                options.rounds(),
                options.window().toSeconds(),
                pinning.remark(),
                CONNECTIONS,
                SERVER);
        out.println("| | requests/s, min - median - max | CPU per request, µs, min - median - max |");
        out.println("|---|---|---|");
        row("`thrum load --closed`", ours);
        row("`wrk -t1`", theirs);
        Finding.print(
                out,
                List.of(
                        finding("requests/s", ours, theirs, true, RATE),
                        finding("CPU per request of the generator", ours, theirs, false, CPU)));
    }

    private void row(String name, List<Measured> all) {
        out.println("| "
                + String.join(
                        " | ",
                        name,
                        new Figures(all.stream().mapToDouble(Measured::rate).toArray()).whole(),
                        new Figures(all.stream().mapToDouble(Measured::cpu).toArray()).toString())
                + " |");
    }

    private static Finding finding(
            String figure, List<Measured> ours, List<Measured> theirs, boolean isRate, Bound bound) {
        Interval ratio = Interval.ofPairs(ours, theirs, isRate ? Measured::rate : Measured::cpu);
        return new Finding("thrum load : wrk", figure, CONNECTIONS + " connections, closed loop", ratio, bound);
    }
}
