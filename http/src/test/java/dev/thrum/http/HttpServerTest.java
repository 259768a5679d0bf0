package dev.thrum.http;

import static dev.thrum.http.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private Engine engine = Engine.virtual();
    private Conversation server;

    @BeforeEach
    void serve() throws Exception {
        engine = Engine.virtual();
        server = Conversation.with(
                engine,
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
                        .build(),
                HttpConfig.defaults());
    }

    @AfterEach
    void end() {
        engine.close();
    }

    @Test
    void requestsAreAnsweredInOrder_whenTheyComeTogether() throws Exception {
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
    void bodyComesInChunks_andGoesInChunks() throws Exception {
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
    void clientLearnsNothingInternal_whenHandlerThrows() throws Exception {
        assertThat(server.tell("GET /boom HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
                .endsWith("\r\n\r\nInternal server error\n");
    }

    @Test
    void malformedRequestIsAnsweredOnce_andNothingBehindItIsServed() throws Exception {
        assertThat(server.tellOnly("GET / HTTP/1.1\r\nHost : a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("Connection: close\r\n")
                .endsWith("expected no blank before the colon\n");
    }
}
