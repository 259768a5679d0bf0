package dev.thrum.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.Endpoint;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.measure.Window;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
final class ClientProcessTest {
    private static final int WORKERS = 4;

    @ParameterizedTest
    @ValueSource(strings = {"events", "virtual", "jdk"})
    void client_makesExchanges_untilTheWindowEnds(String name) throws Exception {
        try (Endpoint server =
                Protocol.HTTP.contender("virtual").orElseThrow().starter().start(WORKERS)) {
            Window window = Window.parse(new ClientProcess(name).run(command(server.port())));

            assertThat(window.trips()).isPositive();
            assertThat(window.client()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            events,  200, expected a body of 13 bytes that is the text but was another of 4
            virtual, 500, expected a response with status 200 but it was 500
            jdk,     500, expected a response with status 200 but it was 500
            """)
    void client_withAnotherResponse_fails(String name, int status, String message) throws IOException {
        HttpServer handler = HttpServer.over(_ -> Response.of(status, "text/plain", "What"), HttpConfig.defaults());
        try (Engine engine = Engine.virtual();
                Server server = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, Limits.defaults())) {
            int port = server.address().getPort();

            assertThatThrownBy(() -> new ClientProcess(name).run(command(port)))
                    .isInstanceOf(IOException.class)
                    .hasMessageEndingWith(message);
        }
    }

    @Test
    void client_thatDoesNotExist_isRefused() {
        assertThatThrownBy(() -> new ClientProcess("curl"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected events, virtual or jdk but was curl");
    }

    private static String[] command(int port) {
        return ("run plaintext " + port + " " + WORKERS + " 10 100 "
                        + ProcessHandle.current().pid())
                .split(" ");
    }
}
