package dev.thrum.http.client;

import static dev.thrum.http.client.Echo.post;
import static dev.thrum.http.client.Echo.text;
import static dev.thrum.testkit.scripted.Conversation.crlf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.HttpException;
import dev.thrum.http.Response;
import dev.thrum.http.client.HttpClientConfig.Idle;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.simulation.Faults;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.ScriptedServer;
import dev.thrum.testkit.scripted.ScriptedServer.Then;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client as a whole, on every engine. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HttpClientTest {
    private static final String KINDS = "dev.thrum.http.client.World#kinds";
    private static final HttpClientConfig DEFAULTS = HttpClientConfig.defaults();
    private static final String SMALL = crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

    @ParameterizedTest
    @MethodSource(KINDS)
    void request_isSentWithTheseBytes(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            server.respond(SMALL, Then.KEEP).respond(SMALL, Then.KEEP).respond(SMALL, Then.END);
            try (HttpClient client = world.client(DEFAULTS)) {
                text(client, ClientRequest.get(uri.resolve("/a%20b?q=1#part")).with("Accept", "text/html"));
                text(client, ClientRequest.of("POST", uri).with("User-Agent", "me"));
                InputStream stream = new ByteArrayInputStream("streamed".getBytes(UTF_8));
                text(client, ClientRequest.of("PUT", uri).with("Range", "x").withBody(stream));
            }
            String host = uri.getAuthority();
            assertThat(server.requests().stream().map(ScriptedServer.Received::head))
                    .containsExactly("""
                            GET /a%%20b?q=1 HTTP/1.1
                            Host: %s
                            User-Agent: thrum
                            Accept-Encoding: gzip, deflate, br, zstd
                            Accept: text/html
                            """.formatted(host), """
                            POST / HTTP/1.1
                            Host: %s
                            Accept-Encoding: gzip, deflate, br, zstd
                            User-Agent: me
                            Content-Length: 0
                            """.formatted(host), """
                            PUT / HTTP/1.1
                            Host: %s
                            User-Agent: thrum
                            Range: x
                            Transfer-Encoding: chunked
                            """.formatted(host));
            assertThat(server.requests().getLast().body()).isEqualTo("streamed");
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void bodyOfManyParts_arrivesWhole_withEachFraming(String kind) throws Exception {
        int size = kind.equals(World.SIMULATION) ? 100_000 : 700_000;
        byte[] large = new byte[size];
        for (int i = 0; i < size; i++) {
            large[i] = (byte) ((i * 31) >> 3);
        }
        World.play(kind, world -> {
            URI uri = new Echo().serveIn(world);
            try (HttpClient client = world.client(DEFAULTS)) {
                for (ClientRequest request : List.of(
                        ClientRequest.post(uri, "a/b", large),
                        ClientRequest.of("POST", uri).withBody(new ByteArrayInputStream(large)),
                        ClientRequest.of("POST", uri).withBody(new ByteArrayInputStream(large), size))) {
                    try (ClientResponse response = client.send(request)) {
                        assertThat(response.bytes()).isEqualTo(large);
                    }
                }
                assertThat(client.idleConnections()).isOne();
            }
        });
    }

    /** As in a proxy, whose client sends too much: that is no fault of the response. */
    @ParameterizedTest
    @MethodSource(KINDS)
    void faultOfTheBodyIsThrownAsItIs_whenItIsTheBodyOfAnotherRequest(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            HttpException fault = HttpException.of(413, "Content too large");
            InputStream faulty = new InputStream() {
                @Override
                public int read() {
                    throw fault;
                }

                @Override
                public int read(byte[] target, int offset, int length) {
                    throw fault;
                }
            };
            try (HttpClient client = world.client(DEFAULTS)) {
                assertThatThrownBy(
                                () -> client.send(ClientRequest.of("POST", uri).withBody(faulty)))
                        .isSameAs(fault);
            }
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void earlyResponse_isRead_whenTheServerRefusesTheBody(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer server = new ScriptedServer();
            URI uri = world.serve(server);
            server.respond(crlf("HTTP/1.1 413 Too Large\nContent-Length: 2\n\nno"), Then.END_UNREAD);
            server.respond(SMALL, Then.KEEP);
            InputStream endless = new InputStream() {
                @Override
                public int read() {
                    return 'x';
                }

                @Override
                public int read(byte[] target, int offset, int length) {
                    return length;
                }
            };
            try (HttpClient client =
                    world.client(DEFAULTS.withDeadlines(Duration.ofSeconds(10), Duration.ofSeconds(10)))) {
                try (ClientResponse response =
                        client.send(ClientRequest.of("POST", uri).withBody(endless))) {
                    assertThat(response.status()).isEqualTo(413);
                    assertThat(response.text()).isEqualTo("no");
                }
                assertThat(client.idleConnections()).isZero();
                assertThat(text(client, ClientRequest.get(uri))).isEqualTo("ok");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void failureOfARequestBody_isThrownToTheCaller_andEndsTheConnection(String kind) throws Exception {
        World.play(kind, world -> {
            Echo echo = new Echo();
            URI uri = echo.serveIn(world);
            InputStream broken = new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("the disk failed");
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    return read();
                }
            };
            try (HttpClient client = world.client(DEFAULTS)) {
                ClientRequest post = ClientRequest.of("POST", uri);
                assertThatThrownBy(() -> client.send(post.withBody(broken))).hasMessage("the disk failed");
                assertThatThrownBy(() -> client.send(post.withBody(new ByteArrayInputStream(new byte[2]), 3)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("1 bytes are missing");
                assertThatThrownBy(() -> client.send(post.withBody(new ByteArrayInputStream(new byte[4]), 3)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("1 bytes more");
                assertThat(text(client, post(uri, "fine"))).isEqualTo("fine");
                assertThat(client.idleConnections()).isOne();
            }
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void everyResponse_reachesItsCaller_whenManyThreadsShareAClient(String kind) throws Exception {
        int threads = kind.equals("threads") ? 16 : 40;
        World.play(kind, world -> {
            Echo echo = new Echo();
            URI uri = echo.serveIn(world);
            try (HttpClient client = world.client(DEFAULTS.withIdle(new Idle(10, 10, Duration.ofMinutes(1))))) {
                List<World.Waiting> all = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    String name = "thread " + i;
                    all.add(world.fork(name, () -> {
                        for (int j = 0; j < 25; j++) {
                            assertThat(text(client, post(uri, name + " " + j))).isEqualTo(name + " " + j);
                        }
                    }));
                }
                for (World.Waiting one : all) {
                    one.join();
                }
                assertThat(client.idleConnections()).isBetween(1, 10);
            }
            assertThat(echo.connections()).isLessThan(threads * 25);
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void handler_callsAnotherServer_onItsOwnThread(String kind) throws Exception {
        World.play(kind, world -> {
            URI backend = new Echo().serveIn(world);
            try (HttpClient inner = world.client(DEFAULTS);
                    HttpClient client = world.client(DEFAULTS)) {
                URI front = world.serve(HttpServer.over(
                        request -> Response.text("backend: " + text(inner, post(backend, request.path()))),
                        HttpConfig.defaults()));
                for (int i = 0; i < 10; i++) {
                    assertThat(text(client, ClientRequest.get(front.resolve("/" + i))))
                            .isEqualTo("backend: /" + i);
                }
                assertThat(inner.idleConnections()).isOne();
            }
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void closedClient_sendsNothing_andClosesReturnedConnections(String kind) throws Exception {
        World.play(kind, world -> {
            URI uri = new Echo().serveIn(world);
            HttpClient client = world.client(DEFAULTS);
            text(client, ClientRequest.get(uri));
            ClientResponse open = client.send(post(uri, "late"));
            client.close();
            client.close();
            assertThat(open.text()).isEqualTo("late");
            assertThat(client.idleConnections()).isZero();
            assertThatThrownBy(() -> client.send(ClientRequest.get(uri)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void refusedConnection_isReportedAsSuch(String kind) throws Exception {
        World.play(kind, world -> {
            try (HttpClient client = world.client(DEFAULTS)) {
                assertThatThrownBy(() -> client.send(ClientRequest.get(URI.create("http://127.0.0.1:1/"))))
                        .isInstanceOf(ConnectException.class);
            }
        });
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void body_isDecoded_whenItWasCompressed(String kind) throws Exception {
        World.play(kind, world -> {
            byte[] text = "gr\u00fc\u00df dich ".repeat(500).getBytes(UTF_8);
            URI uri = world.serve(HttpServer.over(
                    request -> Response.of(200, "text/plain", Gzipped.gzip(text))
                            .with("Content-Encoding", "gzip")
                            .with("Asked", request.header("Accept-Encoding").orElse("nothing")),
                    HttpConfig.defaults()));
            try (HttpClient client = world.client(DEFAULTS);
                    HttpClient plain = world.client(DEFAULTS.withCompression(false))) {
                try (ClientResponse response = client.send(ClientRequest.get(uri))) {
                    assertThat(response.encoding()).isEmpty();
                    assertThat(response.header("Asked")).hasValue("gzip, deflate, br, zstd");
                    assertThat(response.bytes()).isEqualTo(text);
                }
                assertThat(client.idleConnections()).isOne();
                try (ClientResponse response = plain.send(ClientRequest.get(uri))) {
                    assertThat(response.encoding()).hasValue("gzip");
                    assertThat(response.header("Asked")).hasValue("nothing");
                    assertThat(response.bytes()).isEqualTo(Gzipped.gzip(text));
                }
            }
        });
    }

    @Test
    void responses_areCompleteOrErrors_whateverTheNetworkDoes() {
        int seeds = Boolean.getBoolean("thrum.soak") ? 5_000 : 150;
        for (int seed = 1; seed <= seeds; seed++) {
            World.simulate(Faults.harmless(), seed, world -> sendRepeatedly(world, true));
            World.simulate(Faults.harmful(), seed, world -> sendRepeatedly(world, false));
        }
    }

    private static void sendRepeatedly(World world, boolean harmless) throws Exception {
        URI uri = new Echo().serveIn(world);
        List<World.Waiting> all = new ArrayList<>();
        try (HttpClient client = world.client(DEFAULTS)) {
            for (int i = 0; i < 3; i++) {
                String name = "thread " + i;
                all.add(world.fork(name, () -> {
                    for (int j = 0; j < 4; j++) {
                        String body = name + " " + j + "x".repeat(j * 100);
                        try (ClientResponse response = client.send(post(uri, body))) {
                            String text = response.text();
                            if (harmless || response.status() == 200) {
                                assertThat(text).isEqualTo(body);
                            }
                        } catch (IOException e) {
                            assertThat(harmless).as(e.toString()).isFalse();
                        }
                    }
                }));
            }
            for (World.Waiting one : all) {
                one.join();
            }
        }
    }
}
