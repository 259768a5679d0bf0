package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.Contender;
import dev.thrum.measure.Child;
import dev.thrum.measure.statistics.Bound;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The row {@code memory} of {@link TlsBench}: the heap of an encrypted connection that rests, measured as in {@link RestMemory}. */
final class TlsMemory {
    private static final int CONNECTIONS = 2_000;
    private static final int WARM_UP_CONNECTIONS = 1_000;

    /** Longer than the two seconds of silence after which a connection rests. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final List<Idle> ALL = List.of(
            new Idle("events-epoll/jdk", Bound.atMost(16_384, 8_192)),
            new Idle("virtual/jdk", Bound.none()),
            new Idle("netty-epoll/jdk", Bound.none()));

    private final Processes processes;
    private final HeapTable table;

    /** Connections to a server, and the bytes that one may need. */
    private record Idle(String contender, Bound bound) {}

    TlsMemory(Processes processes, PrintStream out) {
        this.processes = processes;
        table = new HeapTable(out);
    }

    void run(int rounds) throws IOException, InterruptedException {
        table.head(String.format(Locale.ROOT, "%,d idle TLS connections that have asked once", CONNECTIONS));
        for (Idle idle : ALL) {
            double[] bytes = new double[Math.min(rounds, RestMemory.MOST_ROUNDS)];
            for (int round = 0; round < bytes.length; round++) {
                System.err.println("memory, " + idle.contender + ", round " + (round + 1) + " of " + bytes.length);
                bytes[round] = growth(idle.contender) / CONNECTIONS;
            }
            table.row(idle.contender, bytes, idle.bound);
        }
    }

    /** The growth of the heap of a fresh server, in bytes. */
    private double growth(String name) throws IOException, InterruptedException {
        Contender contender = Protocol.TLS.contender(name).orElseThrow();
        Serving server = processes
                .frugal(contender, CONNECTIONS)
                .orElseThrow(() -> new IOException("expected " + name + " to run here: see above"));
        try (Child process = server.process();
                Child generator = processes.generator(contender)) {
            var _ = generator.ask("pass " + server.port() + " " + WARM_UP_CONNECTIONS, TIMEOUT);
            long before = heap(process);
            var _ = generator.ask("hold " + server.port() + " " + CONNECTIONS, TIMEOUT);
            Thread.sleep(SILENCE);
            return heap(process) - before;
        }
    }

    private static long heap(Child server) throws IOException, InterruptedException {
        return Long.parseLong(server.ask("heap", TIMEOUT));
    }
}
