package dev.thrum.http.client;

import dev.thrum.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A response: its head was received, its body is read as a stream.
 *
 * <p>Owned by the thread that got it from {@link HttpClient#send}. It holds a connection until its body was read to the
 * end or it is closed; so read it in {@code try} with resources.
 */
public final class ClientResponse implements AutoCloseable {
    private final ResponseReader.Head head;
    private final ResponseBody body;
    private final ContentCoding coding;
    private final boolean tolerant;
    private final InetSocketAddress remoteAddress;

    ClientResponse(
            ResponseReader.Head head,
            ResponseBody body,
            ContentCoding coding,
            boolean tolerant,
            InetSocketAddress remoteAddress) {
        this.head = head;
        this.body = body;
        this.coding = coding;
        this.tolerant = tolerant;
        this.remoteAddress = remoteAddress;
    }

    /** The status code, from 200 to 999; codes above 599 are not defined (RFC 9110, 15). */
    public int status() {
        return head.status();
    }

    /**
     * The header fields as received: {@code Content-Length} and {@code Content-Encoding} describe the body before it
     * was decoded.
     */
    public Headers headers() {
        return head.headers();
    }

    /** The value of the first header field of this name, in any case; empty if there is none. */
    public Optional<String> header(String name) {
        return head.headers().first(name);
    }

    /** The coding that the body still has when it is read, such as {@code br}; empty if it has none or was decoded. */
    public Optional<String> encoding() {
        return coding.left();
    }

    /**
     * The body as a stream, decoded. Reading blocks until the server has sent something. It can be read only once;
     * closing it is the same as closing the response.
     *
     * <p>Reading throws a {@link ResponseException} if the body is incomplete, malformed, or has more bytes than the
     * limit, as received or decoded; a {@link dev.thrum.engine.DeadlineException} if the server sends too slowly or the
     * exchange takes too long; and an {@link IOException} if the connection broke, or after the response was closed or
     * an earlier read failed.
     */
    public InputStream body() {
        return body;
    }

    /**
     * Reads the rest of the body into an array and returns the connection.
     *
     * @throws IOException as reading {@link #body}
     */
    public byte[] bytes() throws IOException {
        return body.readAllBytes();
    }

    /**
     * Reads the rest of the body and decodes it as text, in the charset of {@code Content-Type}, else in UTF-8.
     * Malformed bytes become U+FFFD.
     *
     * @throws UnsupportedEncodingException if the JDK does not support the charset; nothing has been read then
     * @throws IOException as reading {@link #body}
     */
    public String text() throws IOException {
        Charset charset = charset();
        return new String(body.readAllBytes(), charset);
    }

    private Charset charset() throws IOException {
        Optional<String> name = header("Content-Type").flatMap(this::charsetName);
        if (name.isEmpty()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name.get());
        } catch (IllegalArgumentException e) {
            IOException unknown = new UnsupportedEncodingException(
                    "expected a charset that the JDK supports but was " + name.get() + ": decode bytes() yourself");
            unknown.initCause(e);
            throw unknown;
        }
    }

    /**
     * The parameter {@code charset} (RFC 9110, 8.3.2). A semicolon within quotes separates too: no charset has one in
     * its name.
     */
    private Optional<String> charsetName(String contentType) {
        for (String parameter : contentType.split(";", -1)) {
            String stripped = parameter.strip();
            if (stripped.toLowerCase(Locale.ROOT).startsWith("charset=")) {
                String value = stripped.substring("charset=".length());
                if (tolerant) {
                    // Leniency.ODDLY_QUOTED_CHARSET
                    return Optional.of(value.replaceAll("^[\"']|[\"']$", ""));
                }
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                return Optional.of(quoted ? value.substring(1, value.length() - 1) : value);
            }
        }
        return Optional.empty();
    }

    /** The trailer fields of a chunked body, after it was read to its end; empty before that. */
    public Headers trailers() {
        return body.trailers();
    }

    /** The address and port that the response came from; known as long as the response is, also after it was closed. */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /**
     * Ends the exchange. If at most about 64 KiB of the body are unread and arrive within 100 ms, the connection is
     * kept for the next request; else it is reset. Idempotent.
     */
    @Override
    public void close() {
        body.close();
    }

    /** The status code. */
    @Override
    public String toString() {
        return Integer.toString(head.status());
    }
}
