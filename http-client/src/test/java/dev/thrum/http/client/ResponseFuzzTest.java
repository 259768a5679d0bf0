package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.client.HttpClientConfig.Parsing;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import dev.thrum.testkit.scripted.Mutations;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fuzzed responses; see ParserFuzzTest of http-server. */
class ResponseFuzzTest {
    /** Small enough for a fuzzer to reach them. */
    private static final HttpLimits LIMITS =
            HttpLimits.defaults().withBody(2_000).withFields(4_000, 20);

    private static final List<String> RESPONSES = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n",
            "HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\nto the end",
            "HTTP/1.1 204\r\nETag: \"x\"\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n",
            "HTTP/1.1 200 OK\nA : b\n c\nTransfer-Encoding: chunked\nContent-Length: 4\n\n5\nhello\n0\n\n");

    private final Fed fed = new Fed();

    @FuzzTest(maxDuration = "1m")
    void responses(byte[] bytes) {
        requireOneOutcome(bytes);
    }

    @Test
    void responses_areReadOrRefused_whateverTheyAre() {
        Mutations.tryAll(RESPONSES, Mutations.count(6_000, 200_000), this::requireOneOutcome);
    }

    /**
     * Bytes as the response to a request: the outcome is the same however they are cut, and within the limits. What a
     * strict client accepts, a tolerant one reads in the same way.
     */
    private void requireOneOutcome(byte[] bytes) {
        String tolerant = requireOneOutcome(bytes, Parsing.TOLERANT);
        String strict = requireOneOutcome(bytes, Parsing.STRICT);
        if (Character.isDigit(strict.charAt(0))) {
            assertThat(tolerant).isEqualTo(strict);
        }
    }

    private String requireOneOutcome(byte[] bytes, Parsing parsing) {
        String whole = outcome(FedWire.of(bytes), parsing);
        assertThat(outcome(FedWire.of(bytes).inFragments(1), parsing)).isEqualTo(whole);
        int cut = bytes.length == 0 ? 0 : Math.floorMod(Arrays.hashCode(bytes), bytes.length);
        assertThat(outcome(FedWire.of(bytes).cutAt(cut), parsing)).isEqualTo(whole);
        return whole;
    }

    private String outcome(FedWire wire, Parsing parsing) {
        HttpClientConfig config = HttpClientConfig.defaults().withLimits(LIMITS).withParsing(parsing);
        try (HttpClient client = HttpClient.over(fed.opening(wire), config);
                ClientResponse response = client.send(ClientRequest.get(URI.create("http://127.0.0.1:1/")))) {
            byte[] body = response.bytes();
            assertThat(body.length).isLessThanOrEqualTo((int) LIMITS.body());
            assertThat(response.headers().size()).isLessThanOrEqualTo(LIMITS.fields());
            // Whether it is kept depends on the cut too: bytes after the response may have arrived or not.
            if (client.idleConnections() == 1) {
                requireOneFraming(response.headers());
            }
            return response.status() + "\n" + response.headers() + "\n" + new String(body, ISO_8859_1) + "\n"
                    + response.trailers();
        } catch (ResponseException e) {
            return e.kind().toString();
        } catch (IOException e) {
            throw new AssertionError("expected no I/O error without a network", e);
        }
    }

    /** Whatever else could be read into the fields, another response is read only after an undisputed end. */
    private static void requireOneFraming(Headers headers) {
        assertThat(headers.contains("Content-Length") && headers.contains("Transfer-Encoding"))
                .isFalse();
        assertThat(headers.elements("Content-Length").stream().distinct()).hasSizeLessThan(2);
        assertThat(headers.elements("Transfer-Encoding")).hasSizeLessThan(2);
    }
}
