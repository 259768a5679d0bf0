package dev.thrum.crawl.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Payloads of bodies with and without chunks. */
class PayloadTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static byte[] digest(byte[] content) throws Exception {
        return MessageDigest.getInstance("SHA-1").digest(content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** The digest of the payload; empty if there is none. */
    private static byte[] payload(String head, byte[] body) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        return Payload.addTo(digest, bytes(head), body) ? digest.digest() : new byte[0];
    }

    @Test
    void payload_isThatOfTheChunks_andNoneIfTheyAreCutAnywhere() throws Exception {
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 100; i++) {
            byte[] content = Samples.bytes(random, 200);
            byte[] body = Samples.chunked(content, random);
            assertThat(payload(CHUNKED, body)).isEqualTo(digest(content));
            int last = new String(body, ISO_8859_1).lastIndexOf("\r\n0") + 2;
            for (int cut = 0; cut <= last && last > 1; cut++) {
                assertThat(payload(CHUNKED, Arrays.copyOf(body, cut))).isEmpty();
            }
        }
    }

    @Test
    void oddChunks_areReadAsTheClientReadsThem() throws Exception {
        assertThat(payload(CHUNKED, bytes("2 \r\nab\r\n00;x\r\n"))).isEqualTo(digest(bytes("ab")));
        assertThat(payload(CHUNKED, bytes("2\nab\n0"))).isEqualTo(digest(bytes("ab")));
        assertThat(payload(CHUNKED, bytes("000000000000000000002\r\nab\r\n0\r\n\r\n")))
                .isEqualTo(digest(bytes("ab")));
    }

    @Test
    void impossibleChunks_areNoPayload() throws Exception {
        for (String body :
                new String[] {"", "x", "\r\n", "-1\r\n", "5", "5\r\n", "ffffffffffffffff\r\nab", "80000000\r\n"}) {
            assertThat(payload(CHUNKED, bytes(body))).as(body).isEmpty();
        }
    }

    @Test
    void framing_isTheOneThatTheClientHasFound() throws Exception {
        byte[] body = bytes("1\r\na\r\n0\r\n\r\n");
        byte[] asItIs = digest(body);
        byte[] dechunked = digest(bytes("a"));
        assertThat(payload("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body))
                .isEqualTo(asItIs);
        assertThat(payload("HTTP/1.1 200 OK\r\n\r\n", body)).isEqualTo(asItIs);
        assertThat(payload("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", body))
                .isEqualTo(asItIs);
        assertThat(payload("HTTP/1.1 200 OK\r\nX-Transfer-Encoding: chunked\r\n\r\n", body))
                .isEqualTo(asItIs);
        assertThat(payload("HTTP/1.1 200 Transfer-Encoding: chunked\r\n\r\n", body))
                .isEqualTo(asItIs);
        assertThat(payload("HTTP/1.1 200 OK\nTRANSFER-ENCODING:identity, Chunked \n\n", body))
                .isEqualTo(dechunked);
        assertThat(payload("HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked", body))
                .isEqualTo(dechunked);
    }
}
