package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.http.client.HttpClientConfig.Parsing;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of exchanges as they were sent and received. */
class RawExchangeTest {
    private static final ClientRequest REQUEST = ClientRequest.get(URI.create("http://127.0.0.1:1/a?b"));
    private static final HttpClientConfig CONFIG = HttpClientConfig.defaults().withParsing(Parsing.TOLERANT);

    private final StringBuilder requests = new StringBuilder();
    private final StringBuilder heads = new StringBuilder();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private final RawExchange raw = new RawExchange() {
        @Override
        public void request(byte[] head) {
            requests.append(new String(head, ISO_8859_1));
        }

        @Override
        public void head(byte[] bytes) {
            assertThat(body.size()).isZero();
            heads.append(new String(bytes, ISO_8859_1));
        }

        @Override
        public void body(byte[] bytes, int offset, int length) {
            assertThat(heads).isNotEmpty();
            body.write(bytes, offset, length);
        }
    };

    private static String gzip(String content) throws IOException {
        return new String(Gzipped.gzip(content.getBytes(ISO_8859_1)), ISO_8859_1);
    }

    private void requireRaw(String head, String content, String decoded) throws IOException {
        try (Fed fed = new Fed()) {
            for (int size : new int[] {1, 2, 3, 7, 1_000_000}) {
                requests.setLength(0);
                heads.setLength(0);
                body.reset();
                FedWire wire = FedWire.of("HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + head + content)
                        .inFragments(size);
                try (HttpClient client = HttpClient.over(fed.opening(wire), CONFIG);
                        ClientResponse response = client.send(REQUEST.withRaw(raw))) {
                    assertThat(heads).asString().isEqualTo(head);
                    assertThat(response.text()).isEqualTo(decoded);
                }
                assertThat(heads).asString().isEqualTo(head);
                assertThat(body.toString(ISO_8859_1)).isEqualTo(content);
                assertThat(requests).asString().isEqualTo(wire.said());
            }
        }
    }

    @Test
    void bytes_areThoseOfTheWire_whateverBecomesOfThem() throws Exception {
        requireRaw("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "abc", "abc");
        requireRaw("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "", "");
        requireRaw("HTTP/1.0 200 OK\r\nA:  b \r\n\r\n", "to the end", "to the end");
        requireRaw(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "3;x=y\r\nabc\r\n01\r\nd\r\n0\r\nSum: 7\r\n\r\n",
                "abcd");
        String gzip = gzip("compressed");
        requireRaw(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + (gzip.length() + 2) + "\r\n\r\n",
                gzip + "\0\0",
                "compressed");
        requireRaw("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\n", "text", "text");
        requireRaw("\r\nHTTP/1.1  200\nFolded:\r\n \0value\r\nno field\n\r\n", "<html>", "<html>");
        requireRaw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", "3\nabc\n0\nno field\n\n", "abc");
    }

    @Test
    void discardedBytes_areNotPassedOn() throws Exception {
        try (Fed fed = new Fed()) {
            FedWire wire = FedWire.of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcdefghi")
                    .inFragments(1);
            try (HttpClient client = HttpClient.over(fed.opening(wire), CONFIG)) {
                try (ClientResponse response = client.send(REQUEST.withRaw(raw))) {
                    assertThat(response.body().read()).isEqualTo('a');
                }
                assertThat(client.idleConnections()).isOne();
                assertThat(body.toString(ISO_8859_1)).isEqualTo("a");
            }
        }
    }

    @Test
    void failure_endsTheExchange() throws Exception {
        IOException full = new IOException("No space left on device");
        for (String failing : List.of("request", "head", "body")) {
            RawExchange archive = new RawExchange() {
                @Override
                public void request(byte[] head) throws IOException {
                    fail("request");
                }

                @Override
                public void head(byte[] bytes) throws IOException {
                    fail("head");
                }

                @Override
                public void body(byte[] bytes, int offset, int length) throws IOException {
                    fail("body");
                }

                private void fail(String place) throws IOException {
                    if (place.equals(failing)) {
                        throw full;
                    }
                }
            };
            FedWire wire = FedWire.of("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc");
            try (Fed fed = new Fed();
                    HttpClient client = HttpClient.over(fed.opening(wire), CONFIG)) {
                assertThat(catchThrowable(() -> Echo.text(client, REQUEST.withRaw(archive))))
                        .isSameAs(full);
                assertThat(client.idleConnections()).isZero();
                assertThat(wire.wasReset()).isTrue();
            }
        }
    }
}
