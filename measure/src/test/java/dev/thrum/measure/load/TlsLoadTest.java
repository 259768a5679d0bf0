package dev.thrum.measure.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads over TLS on real servers. What they count must be right; how long it takes is not tested here. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
final class TlsLoadTest {
    private static final int LINE = 8_192;

    private static LoadPlan plan(int rate) {
        return new LoadPlan(
                rate, 4, Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(20));
    }

    private static LoadResult load(
            ConnectionHandler handler, LoadPlan plan, String body, TlsClient client, String... protocols)
            throws IOException {
        Tls.Builder tls = Tls.server().selfSigned(List.of("localhost"));
        if (protocols.length > 0) {
            tls.protocols(protocols);
        }
        try (Engine engine = Engine.virtual();
                Server server = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        handler,
                        Limits.defaults(),
                        tls.build())) {
            LoadProtocol get = LoadProtocol.http(
                    Url.parse("https://localhost/x"),
                    body.isEmpty() ? "GET" : "POST",
                    Headers.none(),
                    body.getBytes(StandardCharsets.US_ASCII));
            TlsClient to = client.forHost("localhost");
            to.prepare();
            return LoadRun.encrypted(
                            plan,
                            get,
                            server.address(),
                            () -> to.newEngine(server.address().getPort()),
                            Clock.system())
                    .run();
        }
    }

    /** Answers every request with a body of this many bytes. */
    private static ConnectionHandler answering(int bytes) {
        return connection -> {
            while (readRequest(connection)) {
                connection.writer().writeLatin1(ScriptedWires.ok("x".repeat(bytes)));
            }
        };
    }

    private static boolean readRequest(Connection connection) throws IOException {
        int length = 0;
        Optional<String> line = connection.reader().readLine(LINE);
        while (line.isPresent() && !line.get().isEmpty()) {
            if (line.get().startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.get().substring("Content-Length: ".length()));
            }
            line = connection.reader().readLine(LINE);
        }
        for (int left = length; left > 0; left -= LINE) {
            byte[] _ = connection.reader().readExactly(Math.min(LINE, left));
        }
        return line.isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void requests_thatAreDue_areAllAnswered_onKeptConnections(String protocol) throws IOException {
        LoadResult result =
                load(answering(5), plan(200), "", TlsClient.builder().insecure().build(), protocol);

        assertThat(result.counts().answered()).isEqualTo(100);
        assertThat(result.counts().errors()).isEmpty();
        assertThat(result.connects().opened()).isEqualTo(4);
        assertThat(result.connects().failed()).isEmpty();
    }

    /** Many records in each direction, parts of which arrive and are sent one by one. */
    @Test
    void requestsAndResponses_ofManyRecords_areComplete() throws IOException {
        LoadResult result = load(
                answering(3_000_000),
                plan(10),
                "y".repeat(5_000_000),
                TlsClient.builder().insecure().build());

        assertThat(result.counts().answered()).isEqualTo(5);
        assertThat(result.counts().errors()).isEmpty();
    }

    @Test
    void connections_thatTheServerCloses_areOpenedAgain() throws IOException {
        LoadResult result = load(
                connection -> {
                    if (readRequest(connection)) {
                        connection
                                .writer()
                                .writeLatin1("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
                    }
                },
                plan(200),
                "",
                TlsClient.builder().insecure().build());

        assertThat(result.counts().answered()).isEqualTo(100);
        assertThat(result.counts().errors()).isEmpty();
        assertThat(result.connects().opened()).isGreaterThan(100);
    }

    @Test
    void certificate_thatNobodyVouchesFor_isRefused() {
        assertThatThrownBy(() -> load(answering(5), plan(200), "", TlsClient.ofSystem()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("TLS handshake failed");
    }
}
