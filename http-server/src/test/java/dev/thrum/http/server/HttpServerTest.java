package dev.thrum.http.server;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.base.Offload;
import dev.thrum.base.OffloadPool;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.http.Gzip;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.testkit.scripted.Conversation;
import dev.thrum.testkit.scripted.FedBackend;
import dev.thrum.testkit.scripted.FedWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"virtual", "threads, resting", "EPOLL, resting"})
class HttpServerTest {
    private final String kind;
    private Engine engine;
    private Conversation server;

    HttpServerTest(String kind) {
        this.kind = kind;
    }

    @BeforeEach
    void serve() throws Exception {
        engine = World.open(kind);
        server = Conversation.with(
                engine,
                HttpServer.over(
                        Router.builder()
                                .get("/", request -> Response.text("Hello"))
                                .post(
                                        "/echo",
                                        request -> Response.of(
                                                200,
                                                "application/octet-stream",
                                                request.body().readAllBytes()))
                                .get("/users/{id}", request -> Response.text("user " + request.pathParameter("id")))
                                .get(
                                        "/stream",
                                        request -> Response.stream(200, "text/plain", out -> {
                                                    out.write("one,".getBytes(StandardCharsets.US_ASCII));
                                                    out.flush();
                                                    out.write("two".getBytes(StandardCharsets.US_ASCII));
                                                })
                                                .withTrailers(() -> Headers.of("Checksum", "42")))
                                .get("/boom", request -> {
                                    throw new IllegalStateException("secret");
                                })
                                .get(
                                        "/full",
                                        request -> request.offload(Offload.FILES, () -> {
                                            throw new OffloadPool.FullException("too many wait");
                                        }))
                                .build(),
                        HttpConfig.defaults()));
    }

    @AfterEach
    void end() {
        engine.close();
    }

    @Test
    void requests_areAnsweredInOrder_whenTheyArePipelined() throws Exception {
        assertThat(server.tell(crlf("""
                GET / HTTP/1.1
                Host: a

                POST /echo HTTP/1.1
                Host: a
                Content-Length: 3

                abcGET /users/a%20b HTTP/1.1
                Host: a
                Connection: close

                """))).isEqualTo(crlf("""
                HTTP/1.1 200 OK
                Content-Type: text/plain; charset=utf-8
                Content-Length: 5

                HelloHTTP/1.1 200 OK
                Content-Type: application/octet-stream
                Content-Length: 3

                abcHTTP/1.1 200 OK
                Content-Type: text/plain; charset=utf-8
                Content-Length: 8
                Connection: close

                user a b"""));
    }

    @Test
    void client_isAskedToRetry_whenTooManyTasksWaitForAThread() throws Exception {
        assertThat(server.tell(crlf("""
                GET /full HTTP/1.1
                Host: a
                Connection: close

                """)))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("\r\nRetry-After: 1\r\n")
                .endsWith("\r\n\r\nThe server is busy, try again later\n");
    }

    @Test
    void body_isReadInChunks_andSentInChunks() throws Exception {
        assertThat(server.tellBytewise(crlf("""
                POST /echo HTTP/1.1
                Host: a
                Transfer-Encoding: chunked

                3;x=y
                abc
                1
                d
                0
                Trailer-Field: t

                GET /stream HTTP/1.1
                Host: a

                """))).isEqualTo(crlf("""
                HTTP/1.1 200 OK
                Content-Type: application/octet-stream
                Content-Length: 4

                abcdHTTP/1.1 200 OK
                Content-Type: text/plain
                Transfer-Encoding: chunked

                4
                one,
                3
                two
                0
                Checksum: 42

                """));
    }

    @Test
    void client_getsNoInternals_whenTheHandlerThrows() throws Exception {
        assertThat(server.tell("GET /boom HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
                .endsWith("\r\n\r\nInternal server error\n");
    }

    @Test
    void malformedRequest_isAnsweredOnce_andNothingAfterItIsServed() throws Exception {
        assertThat(server.tellOnly("GET / HTTP/1.1\r\nHost : a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("Connection: close\r\n")
                .endsWith("expected no blank before the colon\n");
    }

    /** Starts another server on this test's engine. */
    private Conversation serving(HttpHandler handler, HttpConfig config) throws Exception {
        return Conversation.with(engine, HttpServer.over(handler, config));
    }

    @Test
    void continueIsSent_beforeTheResponseBegins_whenAStreamReadsTheBody() throws Exception {
        HttpHandler echo = request ->
                Response.stream(200, "text/plain", out -> request.body().transferTo(out));

        assertThat(serving(echo, HttpConfig.defaults()).tell(crlf("""
                POST / HTTP/1.1
                Host: a
                Content-Length: 5
                Expect: 100-continue

                hello"""))).isEqualTo(crlf("""
                HTTP/1.1 100 Continue

                HTTP/1.1 200 OK
                Content-Type: text/plain
                Transfer-Encoding: chunked

                5
                hello
                0

                """));
    }

    @Test
    void earlierResponses_arrive_whenALaterOneFails() throws Exception {
        HttpHandler handler = Router.builder()
                .get("/good", request -> Response.text("good"))
                .get(
                        "/bad",
                        request -> Response.stream(200, "text/plain", out -> {
                            throw new IllegalStateException("on purpose");
                        }))
                .build();
        Conversation server = serving(handler, HttpConfig.defaults());
        try (Connection client = server.connect()) {
            client.writer().write("GET /good HTTP/1.1\r\nHost: a\r\n\r\nGET /bad HTTP/1.1\r\nHost: a\r\n\r\n");
            client.writer().flush();
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            Throwable end = catchThrowable(() -> {
                for (int value; (value = client.reader().read()) >= 0; ) {
                    got.write(value);
                }
            });
            assertThat(got.toString(StandardCharsets.US_ASCII)).endsWith("\r\n\r\ngood");
            assertThat(end).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "interrupted", "memory", "flag"})
    void client_getsAResponse_howeverTheHandlerFails(String how) throws Exception {
        HttpHandler handler = request -> switch (how) {
            case "interrupted" -> throw new InterruptedException("of its own");
            case "memory" -> throw new OutOfMemoryError("on purpose");
            case "flag" -> {
                Thread.currentThread().interrupt();
                yield Response.text("kept");
            }
            default -> nothing();
        };
        String response = serving(handler, HttpConfig.defaults()).tell("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(response)
                .startsWith(how.equals("flag") ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 500 Internal Server Error\r\n")
                .endsWith(how.equals("flag") ? "kept" : "Internal server error\n");
    }

    @SuppressWarnings("NullAway") // A handler must not return null.
    private static Response nothing() {
        return null;
    }

    @Test
    void client_getsAResponse_whenFormatAndObserverFail() throws Exception {
        HttpConfig failing = HttpConfig.defaults()
                .withErrors((error, asked) -> {
                    throw new IllegalStateException("format");
                })
                .withObserver((method, route, status, nanos) -> {
                    throw new IllegalStateException("observer");
                });
        Conversation server = serving(
                Router.builder().get("/", request -> Response.text("good")).build(), failing);

        assertThat(server.tell("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).endsWith("good");
        assertThat(server.tell("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .endsWith("Not found\n");
    }

    @Test
    void error_withAFramingField_isRefused() {
        HttpException error = HttpException.of(429, "Slow down");

        assertThatThrownBy(() -> error.with("Connection", "close"))
                .hasMessageContaining("which the server sets itself");
    }

    @Test
    void compressedStream_thatIsTooShort_isNotACompleteResponse() throws Exception {
        HttpHandler handler = request -> Response.stream(200, "text/plain", 2_000, out -> out.write(new byte[1_500]));
        Conversation server = serving(handler.behind(new Gzip()), HttpConfig.defaults());
        try (Connection client = server.connect()) {
            client.writer().write("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            client.writer().flush();

            assertThatThrownBy(() -> Conversation.rest(client)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void connect_whateverTheHandlerReturns_opensNoTunnel() {
        AtomicInteger calls = new AtomicInteger();
        HttpHandler agreeable = request -> {
            calls.incrementAndGet();
            return Response.text("as you like");
        };
        FedWire wire = FedWire.of(crlf("""
                CONNECT a:80 HTTP/1.1
                Host: a:80

                GET / HTTP/1.1
                Host: a

                """));
        try (FedBackend.Fed fed = new FedBackend.Fed()) {
            fed.serve(
                    wire,
                    HttpServer.over(
                            agreeable.behind((request, next) -> agreeable.handle(request)), HttpConfig.defaults()));
        }

        assertThat(wire.said())
                .startsWith("HTTP/1.1 501 ")
                .containsOnlyOnce("HTTP/1.1 ")
                .contains("Connection: close");
        assertThat(calls).hasValue(0);
    }
}
