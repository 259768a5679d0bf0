package dev.thrum.testkit.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/** Sends requests without understanding the responses: it takes the bytes as they come. */
record RawClient(Engine engine) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How a connection ended. */
    enum End {
        CLOSED,
        RESET
    }

    /** All bytes of a response, each as a character. */
    record Reply(String bytes, End end) {
        String head() {
            return bytes.substring(0, bytes.indexOf("\r\n\r\n") + 4);
        }

        String body() {
            return bytes.substring(head().length());
        }

        byte[] bodyBytes() {
            return body().getBytes(ISO_8859_1);
        }
    }

    /** Sends one request on a connection of its own, and takes everything up to its end. */
    Reply get(String url, String... fields) throws IOException {
        URI uri = URI.create(url.replaceAll("%(?![0-9A-Fa-f]{2})", "%25"));
        String target = url.substring(url.indexOf('/', "http://".length()));
        try (Connection connection = open(uri)) {
            connection.writer().writeLatin1(request(uri.getAuthority(), target, fields));
            connection.writer().flush();
            return rest(connection);
        }
    }

    Connection open(URI uri) throws IOException {
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        return engine.connect(
                new InetSocketAddress(WebHosts.lookUp(uri.getHost()).getFirst(), port), PATIENCE);
    }

    static String request(String host, String target, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n";
    }

    private static Reply rest(Connection connection) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] block = new byte[8_192];
        try {
            while (connection.reader().await(PATIENCE) == Arrival.INPUT) {
                int count = connection.reader().readAvailable(block, 0, block.length);
                all.write(block, 0, count);
            }
            return new Reply(all.toString(ISO_8859_1), End.CLOSED);
        } catch (IOException e) {
            return new Reply(all.toString(ISO_8859_1), End.RESET);
        }
    }
}
