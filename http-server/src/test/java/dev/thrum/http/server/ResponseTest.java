package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.http.Headers;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import dev.thrum.testkit.scripted.ParsedResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String DATE = "Date: Fri, 20 Nov 2026 12:00:00 GMT\r\n";

    private static FedWire answered(String request, Response response) {
        try (Fed fed = new Fed()) {
            FedWire wire = FedWire.of(request);
            fed.serve(wire, HttpServer.over(asked -> response, HttpConfig.defaults()));
            return wire;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "transfer-encoding",
                "CONNECTION",
                "Keep-Alive",
                "Date",
                "Trailer",
                "Upgrade",
                "TE"
            })
    void field_isRefused_whenTheServerSetsIt(String name) {
        Response response = Response.text("x");
        assertThatIllegalArgumentException().isThrownBy(() -> response.with(name, "0"));
        assertThatIllegalArgumentException().isThrownBy(() -> response.and(name, "0"));
        assertThatIllegalArgumentException().isThrownBy(() -> response.and(Headers.of(name, "0")));
        assertThatIllegalArgumentException().isThrownBy(() -> Response.of(200, Headers.of(name, "0"), new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 100, 101, 199, 600, 1000})
    void status_isRefused_whenItIsNotFinal(int status) {
        assertThatIllegalArgumentException().isThrownBy(() -> Response.empty(status));
    }

    @Test
    void field_isRefused_whenItsValueContainsAnotherField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Response.text("x").with("Location", "/\r\nSet-Cookie: a=b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Response.of(200, "text/plain\r\nX: y", new byte[0]));
    }

    @Test
    void response_hasItsFieldsInOrder() {
        Response response =
                Response.text("héllo").and("Vary", "a").and("Vary", "b").with("X", "y");
        assertThat(answered(GET, response).said())
                .isEqualTo("HTTP/1.1 200 OK\r\n" + DATE
                        + "Content-Type: text/plain; charset=utf-8\r\nVary: a\r\nVary: b\r\nX: y\r\n"
                        + "Content-Length: 6\r\n\r\nh\u00c3\u00a9llo");
    }

    @Test
    void response_hasNoBodyAndNoLength_whenItsStatusAllowsNone() {
        assertThat(answered(GET, Response.empty(204)).said()).isEqualTo("HTTP/1.1 204 No Content\r\n" + DATE + "\r\n");
        assertThat(answered(GET, Response.of(304, Headers.of("ETag", "\"x\""), "no".getBytes(ISO_8859_1)))
                        .said())
                .isEqualTo("HTTP/1.1 304 Not Modified\r\n" + DATE + "ETag: \"x\"\r\n\r\n");
    }

    @Test
    void response_hasAnEmptyReasonPhrase_whenItsStatusIsNotRegistered() {
        assertThat(answered(GET, Response.empty(299)).said()).startsWith("HTTP/1.1 299 \r\n");
    }

    @Test
    void responseToHead_hasTheLengthAndNoBody() {
        assertThat(answered(GET.replace("GET", "HEAD"), Response.text("hello")).said())
                .endsWith("Content-Length: 5\r\n\r\n");
        Response stream = Response.stream(200, "text/plain", out -> {
            throw new AssertionError("expected the body not to be written");
        });
        assertThat(answered(GET.replace("GET", "HEAD"), stream).said()).endsWith("Transfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    void stream_isCut_whenItsWriterFails() {
        FedWire wire = answered(GET, Response.stream(200, "text/plain", out -> {
            out.write("begun".getBytes(ISO_8859_1));
            out.flush();
            throw new java.io.IOException("disk");
        }));
        assertThat(wire.wasReset()).isTrue();
        assertThat(wire.said()).endsWith("5\r\nbegun\r\n");
    }

    @Test
    void streamInChunks_hasNoEmptyChunkBeforeItsEnd() {
        FedWire wire = answered(GET, Response.stream(200, "text/plain", out -> {
            out.flush();
            out.write(new byte[0]);
            out.write('a');
            out.flush();
            out.flush();
            out.write("x".repeat(5_000).getBytes(ISO_8859_1));
        }));
        ParsedResponse response = ParsedResponse.all(wire.said()).getFirst();
        assertThat(response.body()).isEqualTo("a" + "x".repeat(5_000));
        assertThat(wire.said()).endsWith("\r\n0\r\n\r\n").doesNotContain("\r\n0\r\n\r\n0\r\n");
    }

    @Test
    void streamOfAKnownLength_isNotChunked() {
        FedWire wire =
                answered(GET, Response.stream(200, "text/plain", 3, out -> out.write("abc".getBytes(ISO_8859_1))));
        assertThat(wire.said()).endsWith("Content-Length: 3\r\n\r\nabc");
        assertThatIllegalArgumentException().isThrownBy(() -> Response.stream(200, "text/plain", -1, out -> {}));
    }

    @Test
    void trailers_areSentAfterTheChunks() {
        Response response = Response.stream(200, "text/plain", out -> out.write('a'))
                .withTrailers(() -> Headers.of("Checksum", "42"));
        assertThat(answered(GET, response).said()).endsWith("1\r\na\r\n0\r\nChecksum: 42\r\n\r\n");
        assertThat(answered("GET / HTTP/1.0\r\n\r\n", response).said()).endsWith("Connection: close\r\n\r\na");
    }

    @Test
    void bodies_whenTheArrayChangesAfterwards_stayAsTheyWere() throws Exception {
        byte[] bytes = {'a'};
        Response one = Response.of(200, "a/b", bytes);
        Response two = Response.of(200, Headers.none(), bytes);
        Request request = Request.of("POST", "/", Headers.none(), bytes);
        bytes[0] = 'b';

        assertThat(one.bodyBytes()).containsExactly('a');
        assertThat(two.bodyBytes()).containsExactly('a');
        assertThat(request.body().readAllBytes()).containsExactly('a');
    }
}
