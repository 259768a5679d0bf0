package dev.thrum.examples;

import static dev.thrum.examples.World.send;
import static dev.thrum.testkit.scripted.Conversation.crlf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Server;
import dev.thrum.examples.World.Got;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.server.HttpServer;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.LogCapture;
import dev.thrum.testkit.scripted.ScriptedServer;
import dev.thrum.testkit.scripted.ScriptedServer.Then;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reverse proxy between a client and an upstream server, on every engine. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReverseProxyTest {
    private static final String SMALL = crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void request_passedOn_hasNoFieldsOfTheFirstConnection(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer upstream = new ScriptedServer().respond(SMALL, Then.KEEP);
            URI target = world.serve(upstream);
            proxied(world, target, (client, uri) -> {
                try (Connection raw = world.connect(uri)) {
                    raw.writer().write(crlf("""
                            GET /a%20b?q=1&r=%2F HTTP/1.1
                            Host: shop.example
                            Connection: X-Secret, close
                            X-Secret: 1
                            Keep-Alive: timeout=5
                            Proxy-Authorization: Basic eDp5
                            TE: trailers
                            Upgrade: websocket
                            Forwarded: for=10.0.0.1
                            X-Forwarded-For: 10.0.0.1
                            Via: 1.0 fred
                            Accept: text/html

                            """));
                    raw.writer().flush();
                    assertThat(line(raw)).isEqualTo("HTTP/1.1 200 OK");
                }
            });
            assertThat(upstream.requests())
                    .singleElement()
                    .satisfies(received -> assertThat(received.head().replaceFirst("for=[^;]+;", "for=CLIENT;"))
                            .isEqualTo("""
                            GET /a%%20b?q=1&r=%%2F HTTP/1.1
                            Host: %s
                            Via: 1.0 fred
                            Accept: text/html
                            Forwarded: for=CLIENT;host="shop.example";proto=http
                            Via: 1.1 thrum-example
                            """.formatted(target.getAuthority())));
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void response_passedBack_hasNoFieldsOfTheSecondConnection(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer upstream = new ScriptedServer().respond(crlf("""
                            HTTP/1.1 404 Not Found
                            Content-Type: text/plain
                            Content-Length: 5
                            Connection: X-Hop
                            X-Hop: 1
                            Keep-Alive: timeout=5
                            Set-Cookie: a=1
                            Set-Cookie: b=2
                            Date: Fri, 20 Nov 2026 08:24:00 GMT

                            gone
                            """).replace("gone\r\n", "gone\n"), Then.KEEP);
            proxied(world, world.serve(upstream), (client, uri) -> {
                Got got = send(client, ClientRequest.get(uri));
                assertThat(got.status()).isEqualTo(404);
                assertThat(got.text()).isEqualTo("gone\n");
                assertThat(got.response().headers().all("Set-Cookie")).containsExactly("a=1", "b=2");
                assertThat(got.response().headers().all("Via")).containsExactly("1.1 thrum-example");
                assertThat(got.response().headers().all("Date")).hasSize(1);
                assertThat(got.response().header("Content-Length")).hasValue("5");
                assertThat(got.response().headers())
                        .noneMatch(field -> field.name().matches("(?i)x-hop|keep-alive"));
            });
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void bodies_ofManyParts_arriveWholeInBothDirections(String kind) throws Exception {
        byte[] large = new byte[kind.equals(World.SIMULATION) ? 100_000 : 1_000_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) ((i * 31) >> 3);
        }
        HttpHandler echo = request -> {
            byte[] body = request.body().readAllBytes();
            return request.query().isPresent()
                    ? Response.of(200, "a/b", body)
                    : Response.stream(200, "a/b", out -> out.write(body));
        };
        World.play(kind, world -> {
            URI target = world.serve(HttpServer.over(echo, ReverseProxy.serverConfig()));
            proxied(world, target, (client, uri) -> {
                for (URI each : new URI[] {uri, uri.resolve("/?length")}) {
                    ClientRequest post = ClientRequest.of("POST", each);
                    for (ClientRequest request :
                            new ClientRequest[] {post.withBody(large), post.withBody(new ByteArrayInputStream(large))
                            }) {
                        try (ClientResponse response = client.send(request)) {
                            assertThat(response.bytes()).isEqualTo(large);
                        }
                    }
                }
            });
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void partOfAResponse_whenItArrives_isPassedOnBeforeTheRest(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Void> seen = new CompletableFuture<>();
            HttpHandler slow = _ -> Response.stream(200, "text/plain", out -> {
                out.write("first".getBytes(UTF_8));
                out.flush();
                seen.get();
                out.write("rest".getBytes(UTF_8));
            });
            URI target = world.serve(HttpServer.over(slow, ReverseProxy.serverConfig()));
            proxied(world, target, (client, uri) -> {
                try (ClientResponse response = client.send(ClientRequest.get(uri))) {
                    assertThat(response.body().readNBytes(5)).asString().isEqualTo("first");
                    seen.complete(null);
                    assertThat(response.text()).isEqualTo("rest");
                }
            });
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void connectionToTheUpstreamServer_afterAnExchange_isUsedAgain(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer upstream =
                    new ScriptedServer().respond(SMALL, Then.KEEP).respond(SMALL, Then.KEEP);
            proxied(world, world.serve(upstream), (client, uri) -> {
                for (int i = 0; i < 2; i++) {
                    assertThat(send(client, ClientRequest.of("PUT", uri).withBody(new byte[3]))
                                    .status())
                            .isEqualTo(200);
                }
            });
            assertThat(upstream.requests()).hasSize(2);
            assertThat(upstream.connections()).isOne();
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void headAndEmptyResponses_always_passWithoutABody(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer upstream = new ScriptedServer()
                    .respond(crlf("HTTP/1.1 200 OK\nContent-Length: 1000\n\n"), Then.KEEP)
                    .respond(crlf("HTTP/1.1 304 Not Modified\nETag: \"1\"\n\n"), Then.KEEP)
                    .respond(crlf("HTTP/1.1 204 No Content\n\n"), Then.KEEP);
            proxied(world, world.serve(upstream), (client, uri) -> {
                Got head = send(client, ClientRequest.head(uri));
                assertThat(head.response().header("Content-Length")).hasValue("1000");
                assertThat(send(client, ClientRequest.get(uri)).status()).isEqualTo(304);
                assertThat(send(client, ClientRequest.of("DELETE", uri)).status())
                        .isEqualTo(204);
            });
            assertThat(upstream.connections()).isOne();
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void upstreamServer_thatIsDown_becomes502(String kind) throws Exception {
        World.play(kind, world -> {
            Server down = world.listen(_ -> {});
            down.close();
            proxied(world, World.uri(down), (client, uri) -> assertRefused(client, uri, 502));
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void upstreamServer_thatRespondsWithNonsense_becomes502(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer upstream = new ScriptedServer()
                    .respond("nonsense\r\n\r\n", Then.END)
                    .respond("", Then.RESET)
                    .respond(crlf("HTTP/1.1 999 Odd\nContent-Length: 0\n\n"), Then.END);
            proxied(world, world.serve(upstream), (client, uri) -> {
                for (int i = 0; i < 2; i++) {
                    assertRefused(client, uri, 502);
                }
                assertThat(send(client, ClientRequest.of("POST", uri)).status()).isEqualTo(502);
            });
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void upstreamServer_thatIsSilent_becomes504(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer upstream = new ScriptedServer().respond("", Then.HOLD);
            proxied(world, world.serve(upstream), (client, uri) -> assertRefused(client, uri, 504));
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void response_thatIsCut_isCutForTheClientToo(String kind) throws Exception {
        World.play(kind, world -> {
            ScriptedServer upstream =
                    new ScriptedServer().respond(crlf("HTTP/1.1 200 OK\nContent-Length: 10\n\nhalf"), Then.END);
            proxied(world, world.serve(upstream), (client, uri) -> {
                // The reset may take even the head with it.
                assertThatThrownBy(() -> send(client, ClientRequest.get(uri))).isInstanceOf(IOException.class);
            });
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void upload_whoseClientLeaves_isCutForTheUpstreamServerToo(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            HttpHandler reader = request -> {
                assertThat(request.body().read()).isEqualTo('x');
                begun.complete(null);
                try {
                    return Response.text("read " + request.body().readAllBytes().length);
                } catch (Exception e) {
                    failure.complete(e);
                    throw e;
                }
            };
            URI target = world.serve(HttpServer.over(reader, ReverseProxy.serverConfig()));
            proxied(world, target, (client, uri) -> {
                try (Connection raw = world.connect(uri)) {
                    raw.writer().write(crlf("POST / HTTP/1.1\nHost: a\nContent-Length: 100000\n\n"));
                    raw.writer().write("x".repeat(50_000));
                    raw.writer().flush();
                    begun.get();
                    raw.shutdownOutput();
                    assertThat(line(raw)).startsWith("HTTP/1.1 400 ");
                }
                assertThat(failure.get()).isNotNull();
            });
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void upload_overTheLimit_becomes413(String kind) throws Exception {
        World.play(kind, world -> {
            URI target = world.serve(HttpServer.over(
                    request -> Response.text("read " + request.body().readAllBytes().length),
                    ReverseProxy.serverConfig()));
            proxied(world, target, (client, uri) -> {
                try (Connection raw = world.connect(uri)) {
                    raw.writer().write(crlf("POST / HTTP/1.1\nHost: a\nContent-Length: 1073741825\n\n"));
                    raw.writer().flush();
                    assertThat(line(raw)).startsWith("HTTP/1.1 413 ");
                }
            });
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void target_thatCannotBePassedOn_becomes400(String kind) throws Exception {
        World.play(
                kind,
                world -> proxied(world, URI.create("http://127.0.0.1:1/"), (client, uri) -> {
                    try (Connection raw = world.connect(uri)) {
                        raw.writer().write(crlf("GET /a|b HTTP/1.1\nHost: a\n\n"));
                        raw.writer().flush();
                        assertThat(line(raw)).startsWith("HTTP/1.1 400 ");
                    }
                }));
    }

    private interface Play {
        void act(HttpClient client, URI uri) throws Exception;
    }

    /** Plays with a client of a proxy in front of this server. */
    private static void proxied(World world, URI upstream, Play play) throws Exception {
        Duration patience = Duration.ofMillis(500);
        try (LogCapture _ = new LogCapture("dev.thrum.examples.proxy");
                HttpClient onward = HttpClient.over(world.engine(), ReverseProxy.clientConfig(patience));
                HttpClient client = world.client()) {
            HttpHandler proxy = new ReverseProxy(onward, upstream);
            play.act(client, world.serve(HttpServer.over(proxy, ReverseProxy.serverConfig())));
        }
    }

    /** The client learns the kind of the failure, and nothing about the network behind the proxy. */
    private static void assertRefused(HttpClient client, URI uri, int status) throws IOException {
        Got got = send(client, ClientRequest.get(uri));
        assertThat(got.status()).isEqualTo(status);
        assertThat(got.text())
                .startsWith("The upstream server did not respond ")
                .doesNotContain("127.0.0.1");
    }

    private static String line(Connection client) throws IOException {
        return client.reader().readLine(10_000).orElse("<end>");
    }
}
