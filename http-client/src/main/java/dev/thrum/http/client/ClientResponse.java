package dev.thrum.http.client;

import dev.thrum.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer: its head is here, its body is read as a stream. Owned by the thread that has it from
 * {@link HttpClient#send}; it holds a connection until its body has been read to the end or it is closed.
 */
public final class ClientResponse implements AutoCloseable {
    private final ResponseReader.Head head;
    private final ResponseBody body;
    private final ContentCoding coding;

    ClientResponse(ResponseReader.Head head, ResponseBody body, ContentCoding coding) {
        this.head = head;
        this.body = body;
        this.coding = coding;
    }

    /** From 200 to 999; above 599 nothing is defined. */
    public int status() {
        return head.status();
    }

    /** As they came: Content-Length and Content-Encoding speak of the body before it was decoded. */
    public Headers headers() {
        return head.headers();
    }

    /** The value of the first header field of this name. */
    public Optional<String> header(String name) {
        return head.headers().first(name);
    }

    /** What the body is still compressed with, such as {@code br}; empty if it can be read as it is. */
    public Optional<String> encoding() {
        return coding.left();
    }

    /**
     * The body, decoded; reading waits for the server.
     *
     * <p>Reading throws a {@link ResponseException} if it is cut, malformed, or has more bytes than the limit, decoded or
     * not, and a {@link dev.thrum.engine.DeadlineException} if the server or the exchange takes too long.
     */
    public InputStream body() {
        return body;
    }

    /** All of the body that was not yet read. */
    public byte[] bytes() throws IOException {
        return body.readAllBytes();
    }

    /**
     * All of the body that was not yet read, as text in the charset that Content-Type names, else in UTF-8. What the
     * charset does not have becomes U+FFFD.
     *
     * @throws UnsupportedEncodingException if this machine does not know the charset; nothing has been read then
     */
    public String text() throws IOException {
        Charset charset = charset();
        return new String(body.readAllBytes(), charset);
    }

    private Charset charset() throws IOException {
        Optional<String> name = header("Content-Type").flatMap(ClientResponse::charsetName);
        if (name.isEmpty()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name.get());
        } catch (IllegalArgumentException e) {
            IOException unknown = new UnsupportedEncodingException("expected a charset that is known here but was "
                    + name.get() + ": take the bytes and decode them yourself");
            unknown.initCause(e);
            throw unknown;
        }
    }

    /** RFC 9110, 8.3.2; a semicolon within quotes is not looked for, since no charset has one. */
    private static Optional<String> charsetName(String contentType) {
        for (String parameter : contentType.split(";", -1)) {
            String stripped = parameter.strip();
            if (stripped.toLowerCase(Locale.ROOT).startsWith("charset=")) {
                String value = stripped.substring("charset=".length());
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                return Optional.of(quoted ? value.substring(1, value.length() - 1) : value);
            }
        }
        return Optional.empty();
    }

    /** The fields behind the body, once it has been read to its end; empty before. */
    public Headers trailers() {
        return body.trailers();
    }

    /** Gives the connection back; what is left of the body is read if that is little, else the connection ends. Idempotent. */
    @Override
    public void close() {
        body.close();
    }

    @Override
    public String toString() {
        return Integer.toString(head.status());
    }
}
