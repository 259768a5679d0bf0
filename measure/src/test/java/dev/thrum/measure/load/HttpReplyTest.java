package dev.thrum.measure.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where responses end, however they arrive. */
final class HttpReplyTest {
    private static final String NEXT = "HTTP/1.1 404 Next\r\n";

    /** Whole, and in pieces of each size, with the beginning of another response after it. */
    private static void assertEndsBeforeNext(HttpReply reply, String response, int status, boolean isLast)
            throws MalformedReplyException {
        byte[] bytes = (response + NEXT).getBytes(StandardCharsets.ISO_8859_1);
        for (int size = 1; size <= bytes.length; size++) {
            reply.begin();
            int at = 0;
            while (!reply.isComplete()) {
                assertThat(at).as("pieces of %d bytes", size).isLessThan(response.length());
                int to = Math.min(at + size, bytes.length);
                int used = reply.take(bytes, at, to);
                assertThat(used).isGreaterThan(at);
                at = used;
            }
            assertThat(at).as("pieces of %d bytes", size).isEqualTo(response.length());
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.isLast()).isEqualTo(isLast);
        }
    }

    private static void assertEndsBeforeNext(String response, int status, boolean isLast)
            throws MalformedReplyException {
        assertEndsBeforeNext(new HttpReply(false), response, status, isLast);
    }

    @Test
    void response_withALength_endsAfterIt() throws MalformedReplyException {
        assertEndsBeforeNext("HTTP/1.1 200 OK\r\ncontent-LENGTH: \t12 \r\nX: y\r\n\r\nhello, world", 200, false);
        assertEndsBeforeNext("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, false);
        assertEndsBeforeNext("HTTP/1.1 500 \r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 500, false);
    }

    @Test
    void response_inChunks_endsAfterItsTrailers() throws MalformedReplyException {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n";
        assertEndsBeforeNext(head + "5\r\nhello\r\nA;x=\"y\"\r\n0123456789\r\n0\r\n\r\n", 200, false);
        assertEndsBeforeNext(head + "00\r\nExpires: never\r\nX: 0\r\n\r\n", 200, false);
    }

    /** A length in addition to chunks has no meaning (RFC 9112, 6.3). */
    @Test
    void response_inChunks_withALength_endsWithItsChunks() throws MalformedReplyException {
        assertEndsBeforeNext(
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, false);
    }

    @Test
    void response_withoutBody_endsAfterItsHead() throws MalformedReplyException {
        assertEndsBeforeNext("HTTP/1.1 204 None\r\n\r\n", 204, false);
        assertEndsBeforeNext("HTTP/1.1 304 Same\r\nContent-Length: 99\r\n\r\n", 304, false);
        assertEndsBeforeNext(new HttpReply(true), "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", 200, false);
    }

    @Test
    void response_afterInterimOnes_isTheLast() throws MalformedReplyException {
        assertEndsBeforeNext(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
                200,
                false);
    }

    @Test
    void response_saysWhetherItIsTheLastOfItsConnection() throws MalformedReplyException {
        assertEndsBeforeNext("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", 200, true);
        assertEndsBeforeNext("HTTP/1.1 200 OK\r\nConnection: closed\r\nContent-Length: 0\r\n\r\n", 200, false);
        assertEndsBeforeNext("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, true);
        assertEndsBeforeNext("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 200, false);
    }

    @Test
    void response_withoutALength_endsWithTheConnection() throws MalformedReplyException {
        HttpReply reply = new HttpReply(false);
        reply.begin();
        byte[] bytes = "HTTP/1.1 200 OK\r\n\r\nsome text".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(reply.take(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(reply.isComplete()).isFalse();
        assertThat(reply.end()).isTrue();
        assertThat(reply.isComplete()).isTrue();
        assertThat(reply.isLast()).isTrue();
    }

    @Test
    void connection_thatEndsInAHead_completesNothing() throws MalformedReplyException {
        HttpReply reply = new HttpReply(false);
        reply.begin();
        byte[] bytes = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(reply.take(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(reply.end()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "SSH-2.0-OpenSSH_9.9\r\n\r\n",
                "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: four\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
            })
    void bytes_thatAreNoResponse_areRefused(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        HttpReply reply = new HttpReply(false);
        reply.begin();

        assertThatThrownBy(() -> reply.take(bytes, 0, bytes.length)).isInstanceOf(MalformedReplyException.class);
    }

    /** Memory for it must not grow without bound. */
    @Test
    void head_thatNeverEnds_isRefused() {
        HttpReply reply = new HttpReply(false);
        reply.begin();
        byte[] piece = "X: yyyyyyyyyyyyyyyyyyyyyyyy\r\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        int _ = reply.take(piece, 0, piece.length);
                    }
                })
                .isInstanceOf(MalformedReplyException.class)
                .hasMessageContaining("a head of more than 65536 bytes");
    }
}
