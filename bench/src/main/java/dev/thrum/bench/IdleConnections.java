package dev.thrum.bench;

import dev.thrum.bench.tables.Figures;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The memory of 10,000 idle connections, and the round trip of a line on each of them. */
final class IdleConnections {
    private static final int CONNECTIONS = 10_000;
    private static final int ROUNDS = 3;
    private static final int LINE = 1_000;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Path thrum;

    IdleConnections(Path thrum) {
        this.thrum = thrum;
    }

    void run() throws Exception {
        System.out.println(
                "| " + CONNECTIONS + " idle connections on `virtual` | answered | round trip, ms, median - p99"
                        + " - max | KB resident per connection |");
        System.out.println("|---|---|---|---|");
        for (int round = 1; round <= ROUNDS; round++) {
            round(round);
        }
    }

    private void round(int round) throws Exception {
        try (ScratchFolder data = ScratchFolder.nextTo(thrum);
                ServerProcess server = ServerProcess.start(thrum, data.path(), "--max-connections", CONNECTIONS + "");
                Engine clients = Engine.virtual()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
            long before = server.resident();
            List<Connection> connections = new ArrayList<>(CONNECTIONS);
            for (int i = 1; i <= CONNECTIONS; i++) {
                Connection connection = clients.connect(address, DEADLINE);
                expect(connection, "Welcome! You are client number " + i);
                connections.add(connection);
            }
            double each = (server.resident() - before) / 1_024.0 / CONNECTIONS;
            double[] roundTrips = new double[CONNECTIONS];
            for (int i = 0; i < CONNECTIONS; i++) {
                long start = System.nanoTime();
                connections.get(i).writer().write("hello " + i + "\n");
                expect(connections.get(i), "Echo: hello " + i);
                roundTrips[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
            }
            Figures trips = new Figures(roundTrips);
            System.out.printf(
                    Locale.ROOT,
                    "| round %d | %d of %d | %.3f - %.3f - %.3f | %.1f |%n",
                    round,
                    CONNECTIONS,
                    CONNECTIONS,
                    trips.median(),
                    trips.quantile(0.99),
                    trips.quantile(1),
                    each);
            connections.forEach(Connection::reset);
        }
    }

    private static void expect(Connection connection, String expected) throws IOException {
        Optional<String> line = connection.reader().readLine(LINE);
        if (line.isEmpty() || !line.get().equals(expected)) {
            throw new IOException("expected \"" + expected + "\" on connection " + connection.number() + " but was "
                    + line.map(text -> '"' + text + '"').orElse("the end of the stream"));
        }
    }
}
