package dev.thrum.http.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thrum.testkit.scripted.Mutations;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The parsers with fuzzed inputs: stored inputs, and mutations of valid requests, some thousands by default and over a
 * million with {@code --soak}. With {@code JAZZER_FUZZ=1} Jazzer searches for others, guided by coverage.
 */
class ParserFuzzTest {
    private static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://[::1]:80/a%20b?c=d&e HTTP/1.1\r\nHost: a:80\r\nAccept: */*, text/html;q=0.5\r\n\r\n",
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
            "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\n\r\n",
            "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
            "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "HEAD /x HTTP/1.2\r\nHost: \r\nX:\ty z \r\n\r\n");
    private static final List<String> CHUNKS = List.of(
            "0\r\n\r\n",
            "5\r\nhello\r\n0\r\n\r\n",
            "A;x=\"y;z\"\r\n0123456789\r\n00003\r\n\r\n\r\r\n0\r\nX: y\r\nZ: \r\n\r\n",
            "1 ; x\r\na\r\n0;y\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    private static final List<String> TARGETS = List.of(
            "/",
            "/a/../b%2f%c3%a9?c=d&e=f+g&h",
            "*",
            "http://a:80/b?c",
            "HTTPS://[::1]/",
            "a:443",
            "[::1]:80",
            "/?%41=%zz");
    private static final List<String> HOPS = List.of(
            "203.0.113.9, 10.0.0.2",
            "for=\"[2001:db8::1]:80\";proto=https;by=10.0.0.1, for=10.0.0.2",
            "for=_hidden, for=unknown",
            "::1, [::1]:80, 10.0.0.1:99, 1.2.3.4:5");
    private static final List<String> FIELDS = List.of("X: y", "Set-Cookie: a=b; Path=/", "X-Y:\tz\t", "Vary: ");

    private final ParserInvariants invariants = new ParserInvariants();

    @FuzzTest(maxDuration = "1m")
    void requests(byte[] bytes) {
        invariants.requests(bytes);
    }

    @FuzzTest(maxDuration = "1m")
    void chunks(byte[] bytes) {
        invariants.chunks(bytes);
    }

    @FuzzTest(maxDuration = "1m")
    void target(byte[] bytes) {
        invariants.target(bytes);
    }

    @FuzzTest(maxDuration = "1m")
    void forwarded(byte[] bytes) {
        invariants.forwarded(bytes);
    }

    @FuzzTest(maxDuration = "1m")
    void headers(byte[] bytes) {
        invariants.headers(bytes);
    }

    @Test
    void requests_areReadOrRefused_whateverTheyAre() {
        Mutations.tryAll(REQUESTS, Mutations.count(6_000, 300_000), invariants::requests);
    }

    @Test
    void chunks_areReadOrRefused_whateverTheyAre() {
        Mutations.tryAll(CHUNKS, Mutations.count(6_000, 300_000), invariants::chunks);
    }

    @Test
    void targets_areReadOrRefused_whateverTheyAre() {
        Mutations.tryAll(TARGETS, Mutations.count(6_000, 300_000), invariants::target);
    }

    @Test
    void client_isTheOneThatTheTrustedProxySaw_whateverItSends() {
        Mutations.tryAll(HOPS, Mutations.count(5_000, 200_000), invariants::forwarded);
    }

    @Test
    void field_staysOneField_whateverItsValue() {
        Mutations.tryAll(FIELDS, Mutations.count(5_000, 200_000), invariants::headers);
    }
}
