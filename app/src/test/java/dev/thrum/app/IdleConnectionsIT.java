package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class IdleConnectionsIT {
    private static final int CONNECTIONS = 10_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Test
    void everyConnection_afterTenThousandWereIdle_isServed() throws Exception {
        Needs.openFiles(CONNECTIONS + 500);
        try (Child server = Child.serve("--max-connections", Integer.toString(CONNECTIONS));
                Engine clients = Engine.virtual()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port("console"));
            List<Connection> connections = new ArrayList<>();
            for (int i = 1; i <= CONNECTIONS; i++) {
                Connection connection = clients.connect(address, DEADLINE);
                assertThat(connection.reader().readLine(100)).contains("Welcome! You are client number " + i);
                connections.add(connection);
            }
            try (Connection refused = clients.connect(address, DEADLINE)) {
                assertThat(refused.reader().readLine(100)).contains("Server busy, try again later.");
                assertThat(refused.reader().readLine(100)).isEmpty();
            }
            for (Connection connection : connections) {
                connection.writer().write("count\n");
                assertThat(connection.reader().readLine(100)).contains("Current client count: " + CONNECTIONS);
            }
            server.signal("TERM");
            connections.forEach(Connection::reset);
            assertThat(server.awaitExit()).isZero();
        }
    }
}
