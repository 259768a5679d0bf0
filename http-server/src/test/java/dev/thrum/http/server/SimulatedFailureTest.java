package dev.thrum.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.HttpHandler;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.SimulationFailure;
import dev.thrum.simulation.Trial;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A handler that throws causes response 500, and fails the simulated run too. */
final class SimulatedFailureTest {
    private static void ask(Simulation world) throws Exception {
        HttpHandler handler = request -> {
            throw new IllegalStateException("broken on purpose; this stack is expected");
        };
        Server server = world.engine()
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        HttpServer.over(handler, HttpConfig.defaults()),
                        Limits.defaults());
        try (Connection client = world.engine().connect(server.address(), Duration.ofSeconds(1))) {
            client.writer().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.reader().readLine(100)).contains("HTTP/1.1 500 Internal Server Error");
        }
    }

    @Test
    void run_fails_whenAHandlerThrows() {
        assertThatThrownBy(() -> Trial.of(SimulatedFailureTest::ask).run(1))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("broken on purpose");
        Trial.of(SimulatedFailureTest::ask)
                .tolerating(IllegalStateException.class)
                .run(1);
    }
}
