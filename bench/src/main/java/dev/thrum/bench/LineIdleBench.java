package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.options.ContestOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
            out.println();
            out.printf(
                    Locale.ROOT,
                    "| %,d idle connections | KB resident per connection, min - median - max |%n|---|---|%n",
                    connections);
            for (Contender contender : options.contenders()) {
                row(contender, connections, options.rounds());
            }
        }
    }

    private void row(Contender contender, int connections, int rounds) throws IOException, InterruptedException {
        double[] kilobytes = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            Optional<Serving> server = processes.frugal(contender, connections);
            if (server.isEmpty()) {
                return;
            }
            try (Child process = server.get().process();
                    Child generator = processes.generator()) {
                kilobytes[round] =
                        growth(process, generator, server.get().port(), connections) / KILOBYTE / connections;
            } catch (IOException e) {
                throw new IOException(contender.name() + ": " + e.getMessage(), e);
            }
        }
        out.println("| " + contender.name() + " | " + new Figures(kilobytes) + " |");
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
