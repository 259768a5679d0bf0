package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.options.ContestOptions;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code thrum bench lines-idle}: the memory of an idle connection, on each engine and on the peers.
 *
 * <p>It is the growth of the server's resident set from the time after a few hundred warm-up connections have ended to
 * the time when all connections are open and each has had a line answered, both right after a garbage collection.
 */
final class LineIdleBench {
    private static final int WARM_UP_CONNECTIONS = 300;

    /** Enough for the JIT compiler to finish; compiled code is memory too. */
    private static final int WARM_UP_MILLIS = 4_000;

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final double KILOBYTE = 1_024;

    private final Processes processes;
    private final PrintStream out;

    LineIdleBench(Path thrum, PrintStream out) {
        this.processes = new Processes(Protocol.LINES, thrum, Pinning.find());
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        ContestOptions options = ContestOptions.idle().with(arguments);
        SpeedBench.about(out, "lines-idle", arguments);
        out.println("* " + options.rounds() + " rounds, a fresh server each; JVM: " + Processes.frugalFlags());
        for (int connections : options.connections()) {
            Map<String, List<Double>> measured = measure(options, connections);
            out.println();
            out.printf(
                    Locale.ROOT,
                    "| %,d idle connections | KB resident per connection, min - median - max |%n|---|---|%n",
                    connections);
            measured.forEach((name, kilobytes) -> out.println("| " + name + " | " + Figures.of(kilobytes) + " |"));
            List<Finding> findings = findings(measured, connections);
            if (!findings.isEmpty()) {
                Finding.print(out, findings);
            }
        }
    }

    /** Measures all contenders in each round, so that a ratio is one of figures that were taken one after the other. */
    private Map<String, List<Double>> measure(ContestOptions options, int connections)
            throws IOException, InterruptedException {
        Map<String, List<Double>> measured = new LinkedHashMap<>();
        for (int round = 1; round <= options.rounds(); round++) {
            System.err.println("round " + round + " of " + options.rounds());
            for (Contender contender : options.contenders()) {
                Optional<Double> kilobytes = kilobytes(contender, connections);
                kilobytes.ifPresent(value -> measured.computeIfAbsent(contender.name(), _ -> new ArrayList<>())
                        .add(value));
            }
        }
        return measured;
    }

    /** What driving io_uring without Netty must cost (decision 60). */
    private static List<Finding> findings(Map<String, List<Double>> measured, int connections) {
        List<Finding> findings = new ArrayList<>();
        for (String style : List.of("/straight", "/callbacks")) {
            List<Double> ring = measured.getOrDefault("events-io_uring" + style, List.of());
            List<Double> epoll = measured.getOrDefault("events-epoll" + style, List.of());
            if (ring.size() > 1 && ring.size() == epoll.size()) {
                findings.add(new Finding(
                        "events-io_uring" + style + " : events-epoll" + style,
                        "KB resident per connection",
                        String.format(Locale.ROOT, "%,d idle connections", connections),
                        Interval.ofPairs(ring, epoll, Double::doubleValue),
                        Bound.atMost(1.0, 0.75)));
            }
        }
        return findings;
    }

    /** The memory of a connection to a fresh server; empty if this system can't run it. */
    private Optional<Double> kilobytes(Contender contender, int connections) throws IOException, InterruptedException {
        Optional<Serving> server = processes.frugal(contender, connections);
        if (server.isEmpty()) {
            return Optional.empty();
        }
        try (Child process = server.get().process();
                Child generator = processes.generator()) {
            long growth = growth(process, generator, server.get().port(), connections);
            return Optional.of(growth / KILOBYTE / connections);
        } catch (IOException e) {
            throw new IOException(contender.name() + ": " + e.getMessage(), e);
        }
    }

    private static long growth(Child server, Child generator, int port, int connections)
            throws IOException, InterruptedException {
        var _ = generator.ask(
                "run line " + port + " " + WARM_UP_CONNECTIONS + " 0 " + WARM_UP_MILLIS + " " + server.pid(), TIMEOUT);
        var _ = server.ask("collect", TIMEOUT);
        long before = server.resident();
        var _ = generator.ask("hold line " + port + " " + connections, TIMEOUT);
        var _ = server.ask("collect", TIMEOUT);
        return server.resident() - before;
    }
}
