package dev.thrum.http.client;

import static dev.thrum.http.client.Echo.post;
import static dev.thrum.http.client.Echo.text;
import static dev.thrum.testkit.scripted.Conversation.crlf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.engine.Connection;
import dev.thrum.http.client.HttpClientConfig.Idle;
import dev.thrum.http.client.ResponseException.Kind;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.ScriptedServer;
import dev.thrum.testkit.scripted.ScriptedServer.Then;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reuse of connections, and requests on connections that have ended meanwhile; on every engine. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KeptConnectionsTest {
    private static final String KINDS = "dev.thrum.http.client.World#kinds";
    private static final HttpClientConfig DEFAULTS = HttpClientConfig.defaults();
    private static final String SMALL = crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

    @ParameterizedTest
    @MethodSource(KINDS)
    void requests_shareOneConnection_whenEachResponseIsReadToItsEnd(String kind) throws Exception {
        World.play(kind, world -> {
            Echo echo = new Echo();
            URI uri = echo.serveIn(world);
            try (HttpClient client = world.client(DEFAULTS)) {
                for (int i = 0; i < 20; i++) {
                    assertThat(text(client, post(uri, "body " + i))).isEqualTo("body " + i);
                }
                assertThat(text(client, ClientRequest.get(uri))).isEmpty();
                assertThat(text(client, ClientRequest.head(uri))).isEmpty();
                assertThat(client.idleConnections()).isOne();
            }
            assertThat(echo.connections()).isOne();
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void remoteAddress_isTheServers_onNewAndKeptConnections_alsoAfterTheResponseWasClosed(String kind)
            throws Exception {
        World.play(kind, world -> {
            URI uri = new Echo().serveIn(world);
            try (HttpClient client = world.client(DEFAULTS)) {
                for (int i = 0; i < 3; i++) {
                    ClientResponse response = client.send(ClientRequest.get(uri));
                    assertThat(response.remoteAddress().getPort()).isEqualTo(uri.getPort());
                    response.close();
                    assertThat(response.remoteAddress().getAddress().isLoopbackAddress())
                            .isTrue();
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void request_isSentAgain_whenTheServerHasEndedTheKeptConnection(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            server.respond(SMALL, Then.END).respond(SMALL, Then.END).respond(SMALL, Then.END);
            try (HttpClient client = world.client(DEFAULTS)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(text(client, ClientRequest.get(uri))).isEqualTo("ok");
                }
            }
            assertThat(server.connections()).isEqualTo(3);
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void request_isSentAgain_whenTheKeptConnectionEndsMeanwhile(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            server.respond(SMALL, Then.KEEP).respond("", Then.END).respond(SMALL, Then.KEEP);
            try (HttpClient client = world.client(DEFAULTS)) {
                assertThat(text(client, ClientRequest.get(uri))).isEqualTo("ok");
                assertThat(text(client, ClientRequest.of("PUT", uri).withBody("twice".getBytes(UTF_8))))
                        .isEqualTo("ok");
            }
            assertThat(server.requests().stream().map(ScriptedServer.Received::body))
                    .containsExactly("", "twice", "twice");
            assertThat(server.connections()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void request_isSentOnce_whenItMayHaveHadAnEffect(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            List<ClientRequest> once = List.of(
                    post(uri, "pay"),
                    ClientRequest.of("PATCH", uri),
                    ClientRequest.of("PUT", uri).withBody(new ByteArrayInputStream(new byte[3])));
            try (HttpClient client = world.client(DEFAULTS)) {
                for (ClientRequest request : once) {
                    server.respond(SMALL, Then.KEEP).respond("", Then.END);
                    text(client, ClientRequest.get(uri));
                    assertThat(kindOf(client, request)).isEqualTo(Kind.NOTHING);
                }
            }
            assertThat(server.requests()).hasSize(6);
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void request_isNotSentAgain_whenTheConnectionIsNew_orAResponseHasBegun(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            server.respond("", Then.END);
            server.respond(SMALL, Then.KEEP).respond("HTTP/1.1 2", Then.END);
            server.respond(SMALL, Then.KEEP).respond("nonsense\r\n", Then.END);
            try (HttpClient client = world.client(DEFAULTS)) {
                assertThat(kindOf(client, ClientRequest.get(uri))).isEqualTo(Kind.NOTHING);
                text(client, ClientRequest.get(uri));
                assertThat(kindOf(client, ClientRequest.get(uri))).isEqualTo(Kind.CUT);
                text(client, ClientRequest.get(uri));
                assertThat(kindOf(client, ClientRequest.get(uri))).isEqualTo(Kind.MALFORMED);
            }
            assertThat(server.requests()).hasSize(5);
        });
    }

    private static Kind kindOf(HttpClient client, ClientRequest request) {
        ResponseException e = catchThrowableOfType(ResponseException.class, () -> text(client, request));
        assertThat(e).as(request.toString()).isNotNull();
        return e.kind();
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void connection_isNotReused_whenBytesFollowItsResponse(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            server.respond(SMALL + SMALL.replace("ok", "no"), Then.HOLD).respond(SMALL, Then.KEEP);
            try (HttpClient client = world.client(DEFAULTS)) {
                assertThat(text(client, ClientRequest.get(uri))).isEqualTo("ok");
                assertThat(text(client, ClientRequest.get(uri))).isEqualTo("ok");
            }
            assertThat(server.connections()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void connection_isKept_onlyWhenLittleOfTheBodyIsUnread(String kind) throws Exception {
        World.play(kind, world -> {
            String chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            server.respond(crlf("HTTP/1.1 200 OK\nContent-Length: 3000\n\n") + "x".repeat(3000), Then.KEEP);
            server.respond(chunks + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", Then.KEEP);
            server.respond(crlf("HTTP/1.1 200 OK\nContent-Length: 100000\n\nx"), Then.HOLD);
            server.respond(chunks + "3\r\nabc\r\n", Then.HOLD);
            try (HttpClient client = world.client(DEFAULTS)) {
                for (int kept : List.of(1, 1, 0, 0)) {
                    ClientResponse response = client.send(ClientRequest.get(uri));
                    assertThat(response.body().read()).isPositive();
                    response.close();
                    assertThatThrownBy(response::bytes).hasMessageContaining("closed");
                    assertThat(client.idleConnections()).isEqualTo(kept);
                }
            }
            assertThat(server.connections()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void idleConnections_areBounded_inTotalAndPerHost(String kind) throws Exception {
        World.play(kind, world -> {
            List<URI> uris = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                uris.add(new Echo().serveIn(world));
            }
            HttpClientConfig config = DEFAULTS.withIdle(new Idle(5, 2, Duration.ofMinutes(1)));
            try (HttpClient client = world.client(config)) {
                List<ClientResponse> open = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    open.add(client.send(post(uris.get(i % 4), "x")));
                }
                List<Integer> sizes = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    // First the three connections of one host, then those of the next.
                    open.get(i % 3 * 4 + i / 3).close();
                    sizes.add(client.idleConnections());
                }
                assertThat(sizes).containsExactly(1, 2, 2, 3, 4, 4, 5, 5, 5, 5, 5, 5);
            }
            assertThat(DEFAULTS.withIdle(Idle.none()).keepsAlive()).isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void connection_isNotKept_whenIdleConnectionsAreOff(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            server.respond(SMALL, Then.END).respond(SMALL, Then.END);
            try (HttpClient client = world.client(DEFAULTS.withIdle(Idle.none()))) {
                text(client, ClientRequest.get(uri));
                text(client, ClientRequest.get(uri));
            }
            assertThat(server.connections()).isEqualTo(2);
            assertThat(server.requests()).allSatisfy(it -> assertThat(it.head()).contains("Connection: close\n"));
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void request_isSentOnce_whenAnInterimResponseArrivedBeforeItFailed(String kind) throws Exception {
        for (String begun : List.of("HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1")) {
            World.play(kind, world -> {
                AtomicInteger puts = new AtomicInteger();
                URI uri = world.serve((Connection connection) -> {
                    while (startsWith(connection, "GET")) {
                        connection.writer().write(SMALL);
                    }
                    puts.incrementAndGet();
                    connection.writer().write(begun);
                    connection.writer().flush();
                    // The client waits for room in its output, and receives these bytes before the connection ends.
                    connection.clock().sleep(Duration.ofMillis(100));
                    connection.reset();
                });
                try (HttpClient client = world.client(DEFAULTS)) {
                    text(client, ClientRequest.get(uri));
                    ClientRequest put = ClientRequest.of("PUT", uri).withBody(new byte[8_000_000]);
                    assertThatThrownBy(() -> text(client, put)).isInstanceOf(IOException.class);
                }
                // A simulated reset overtakes bytes in flight and destroys them, so nothing arrived.
                assertThat(puts.get()).isEqualTo(kind.equals(World.SIMULATION) ? 2 : 1);
            });
        }
    }

    /** Reads the head of a request. */
    private static boolean startsWith(Connection connection, String method) throws IOException {
        String first = connection.reader().readLine(1_000).orElse("");
        String line = first;
        while (!line.isEmpty()) {
            line = connection.reader().readLine(1_000).orElse("");
        }
        return first.startsWith(method);
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void unrequestedResponse_isRefused_whenItArrivesBeforeTheFirstPartOfABody(String kind) throws Exception {
        World.play(kind, world -> {
            URI uri = world.serve((Connection connection) -> {
                startsWith(connection, "GET");
                connection.writer().write(SMALL);
                connection.writer().flush();
                connection.clock().sleep(Duration.ofMillis(100));
                connection.writer().write(SMALL.replace("ok", "no"));
                connection.reader().await();
            });
            InputStream late = new InputStream() {
                private boolean begun;

                @Override
                public int read() throws IOException {
                    if (begun) {
                        return -1;
                    }
                    begun = true;
                    try {
                        world.clock().sleep(Duration.ofMillis(500));
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException(e.getMessage());
                    }
                    return 'x';
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    int one = read();
                    target[offset] = (byte) one;
                    return one < 0 ? -1 : 1;
                }
            };
            try (HttpClient client = world.client(DEFAULTS)) {
                text(client, ClientRequest.get(uri));
                ClientRequest request = ClientRequest.of("POST", uri).withBody(late);
                assertThatThrownBy(() -> text(client, request)).hasMessageContaining("before the request");
                assertThat(client.idleConnections()).isZero();
            }
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void interrupt_isNotReportedAsASilentServer(String kind) throws Exception {
        World.play(kind, world -> {
            URI uri = world.serve((Connection connection) -> {
                while (connection.reader().read() >= 0) {
                    // It sends nothing.
                }
            });
            Thread waiting = Thread.currentThread();
            World.Waiting interrupting = world.fork("interrupting", () -> {
                world.clock().sleep(Duration.ofMillis(100));
                waiting.interrupt();
            });
            try (HttpClient client = world.client(DEFAULTS)) {
                assertThatThrownBy(() -> text(client, ClientRequest.get(uri)))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(ResponseException.class);
                assertThat(Thread.interrupted()).isTrue();
            }
            interrupting.join();
        });
    }
}
