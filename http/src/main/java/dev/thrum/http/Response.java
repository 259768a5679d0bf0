package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.base.Printable;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.http.syntax.Syntax;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A response: a status, header fields, and a body that is in memory or is written when it is sent. Immutable; a
 * response whose body is in memory may be returned any number of times, by several threads at once.
 *
 * <p>The server sets the framing of the body, {@code Date} and {@code Connection}. The methods that take header fields
 * throw {@link IllegalArgumentException} for fields that say any of that: {@code Content-Length}, {@code
 * Transfer-Encoding}, {@code Connection}, {@code Keep-Alive}, {@code Date}, {@code Trailer}, {@code Upgrade}, {@code
 * TE}.
 *
 * <p>The body is not sent, and its writer not called, in response to HEAD and with status 204 or 304 (RFC 9110, 6.4.1).
 */
public final class Response {
    private static final Content NO_BODY = new Content.Bytes(new byte[0], true);
    private static final Headers TEXT = Headers.of("Content-Type", "text/plain; charset=utf-8");

    private final int status;
    private final Headers headers;
    private final Content content;
    private final Supplier<Headers> trailers;
    private final @Nullable Takeover takeover;

    private Response(int status, Headers headers, Content content, Supplier<Headers> trailers) {
        this(status, headers, content, trailers, null);
    }

    private Response(
            int status, Headers headers, Content content, Supplier<Headers> trailers, @Nullable Takeover takeover) {
        this.status = status;
        this.headers = headers;
        this.content = content;
        this.trailers = trailers;
        this.takeover = takeover;
    }

    /**
     * The protocol that a connection speaks after a response. For servers and filters.
     *
     * @param protocol its name in the field {@code Upgrade}; empty after CONNECT, which names none
     * @param handler speaks it
     */
    public record Takeover(String protocol, ConnectionHandler handler) {
        private static Takeover of(String protocol, ConnectionHandler handler) {
            int slash = protocol.indexOf('/');
            String name = slash < 0 ? protocol : protocol.substring(0, slash);
            if (!Syntax.isToken(name) || (slash >= 0 && !Syntax.isToken(protocol.substring(slash + 1)))) {
                throw new IllegalArgumentException("expected a protocol such as websocket or name/version but was \""
                        + Printable.of(protocol) + "\"");
            }
            return new Takeover(protocol, handler);
        }
    }

    /** The body of a message to be sent. For servers, clients and filters. */
    public sealed interface Content {
        /** A body in memory. Its array is never copied, and must not be changed. */
        final class Bytes implements Content {
            private final byte[] bytes;
            private final boolean finished;

            /** A body that filters may transform. The array is not copied: it must not be changed any more. */
            public Bytes(byte[] bytes) {
                this(bytes, false);
            }

            /**
             * A body of these bytes. The array is not copied: it must not be changed any more.
             *
             * @param finished whether filters must leave it as it is, for example because it is compressed already
             */
            public Bytes(byte[] bytes, boolean finished) {
                this.bytes = bytes;
                this.finished = finished;
            }

            /** Whether filters must leave it as it is. */
            public boolean finished() {
                return finished;
            }

            /** The array itself, not a copy: it must not be changed. */
            public byte[] bytes() {
                return bytes;
            }
        }

        /**
         * A body that is written when it is sent.
         *
         * @param length in bytes, or {@link BodySource#UNKNOWN}
         */
        record Stream(long length, BodyWriter writer) implements Content {}

        /**
         * A part of a file, which filters leave as it is.
         *
         * @param position of the first byte in the file
         * @param length in bytes
         */
        record Region(OpenFile file, long position, long length) implements Content {}

        /** An open file that belongs to one response. Owned by the thread of the handler. */
        interface OpenFile {
            /**
             * Sends a part of the file and releases the file. Waits while the client does not read.
             *
             * @throws java.io.EOFException if the file is shorter than {@code position + length}
             * @throws IOException if reading fails or the connection broke
             */
            void send(Connection connection, long position, long length) throws IOException;

            /** Reads a part of the file and releases the file. */
            byte[] read(long position, long length) throws IOException;
        }
    }

    /**
     * Writes a body. It runs on the thread of the handler, after the handler and all filters have returned, and before
     * the request's {@link Request#scope scope} ends.
     *
     * <p>It is not called if no body is sent: in response to HEAD, with status 204 or 304, or if the connection broke
     * before.
     */
    @FunctionalInterface
    public interface BodyWriter {
        /**
         * Writes the whole body. The bytes are copied as they are written, gathered, and sent when the buffer is full,
         * at each {@code flush}, and at the latest before the connection waits for its next request.
         *
         * <p>If the client has disconnected, {@code write} and {@code flush} throw {@link IOException}, possibly only
         * some writes later. A writer that waits with {@link Request#await} learns at once that the client has gone, or
         * that the server drains. One that waits in another way and has written nothing for about half a second is
         * interrupted, and its connection reset, in both cases. The writer may also read the body of the request.
         *
         * @param out blocks while the client does not read, at most for the write deadline of the connection; need not
         *     be closed; throws {@link IllegalStateException} if more bytes are written than were announced
         * @throws Exception resets the connection, so that the client does not take a part of the body for all of it
         */
        void write(OutputStream out) throws Exception;
    }

    /**
     * A response with a copy of these bytes as its body.
     *
     * @throws IllegalArgumentException if the status is not from 200 to 599, or the content type can't be a field value
     */
    public static Response of(int status, String contentType, byte[] body) {
        return of(status, Headers.of("Content-Type", contentType), body);
    }

    /**
     * A response with this text as its body, in UTF-8. The content type is sent as it is given, so it should name the
     * charset.
     *
     * @throws IllegalArgumentException if the status is not from 200 to 599, or the content type can't be a field value
     */
    public static Response of(int status, String contentType, String body) {
        return checked(status, Headers.of("Content-Type", contentType), new Content.Bytes(body.getBytes(UTF_8)));
    }

    /**
     * A response with these header fields, and a copy of these bytes as its body.
     *
     * @throws IllegalArgumentException if the status is not from 200 to 599, or the server sets one of the fields
     */
    public static Response of(int status, Headers headers, byte[] body) {
        return checked(status, headers, new Content.Bytes(body.clone()));
    }

    /** A response 200 with this text as its body: {@code text/plain}, in UTF-8. */
    public static Response text(String body) {
        return new Response(200, TEXT, new Content.Bytes(body.getBytes(UTF_8)), Headers::none);
    }

    /**
     * A response with an empty body.
     *
     * @throws IllegalArgumentException if the status is not from 200 to 599
     */
    public static Response empty(int status) {
        return of(status, Headers.none(), new byte[0]);
    }

    /**
     * A response whose body is written when it is sent, of unknown length: in chunks (RFC 9112, 7.1), or, to a client
     * of HTTP/1.0, up to the end of the connection. May be returned more than once if the writer may run more than
     * once.
     *
     * @throws IllegalArgumentException if the status is not from 200 to 599, or the content type can't be a field value
     */
    public static Response stream(int status, String contentType, BodyWriter writer) {
        return checked(status, Headers.of("Content-Type", contentType), new Content.Stream(BodySource.UNKNOWN, writer));
    }

    /**
     * A response whose body is written when it is sent, of exactly this length in bytes. A writer that writes more gets
     * an {@link IllegalStateException}; if it writes more or less, the connection is reset.
     *
     * @throws IllegalArgumentException if the status is not from 200 to 599, the length is negative, or the content
     *     type can't be a field value
     */
    public static Response stream(int status, String contentType, long length, BodyWriter writer) {
        if (length < 0) {
            throw new IllegalArgumentException("expected a length of at least 0 but was " + length);
        }
        return checked(status, Headers.of("Content-Type", contentType), new Content.Stream(length, writer));
    }

    /**
     * A response 101 (Switching Protocols): the client asked for another protocol with {@code Upgrade}, and from now on
     * the connection speaks it (RFC 9110, 7.8). The server sets {@code Upgrade} and {@code Connection}; the handler may add
     * other fields, such as {@code Sec-WebSocket-Accept}.
     *
     * <p>After the response is sent, this handler serves the connection, on the thread that served the request. Its
     * reader begins with the bytes that the client has sent after the request. Its deadlines are those of the server's
     * {@code Limits}, not those of HTTP. While the server drains, it is a conversation like any other: see {@link
     * Connection#isDraining}. When the handler returns, the scope of the request ends and the connection is closed.
     *
     * <p>The client gets 400 instead if its request has no {@code Upgrade} with this protocol, no {@code Connection:
     * upgrade}, is HTTP/1.0, or has a body that was not read to its end.
     *
     * @param protocol such as {@code websocket} or {@code name/version}
     * @throws IllegalArgumentException if that is not the name of a protocol
     */
    public static Response takeover(String protocol, ConnectionHandler handler) {
        return new Response(101, Headers.none(), NO_BODY, Headers::none, Takeover.of(protocol, handler));
    }

    /**
     * A response 200 to CONNECT, after which the connection is a tunnel that this handler serves (RFC 9110, 9.3.6).
     * Everything else is as with {@link #takeover(String, ConnectionHandler)}. Only a server that was made for it passes
     * CONNECT to a handler; in response to other requests this is an error of the handler, and the client gets 500.
     */
    public static Response takeover(ConnectionHandler handler) {
        return new Response(200, Headers.none(), NO_BODY, Headers::none, new Takeover("", handler));
    }

    private static Response checked(int status, Headers headers, Content content) {
        Status.requireFinal(status);
        headers.requireUnframed();
        return new Response(status, headers, content, Headers::none);
    }

    /** A response with this content, which is not copied. For modules that make content of their own. */
    public static Response of(int status, Headers headers, Content content) {
        return checked(status, headers, content);
    }

    /**
     * This response with the given field in place of all others of its name.
     *
     * @throws IllegalArgumentException as {@link Headers#of}, or if the server sets the field
     */
    public Response with(String name, String value) {
        return withHeaders(headers.with(name, value));
    }

    /**
     * This response with the given field added; other fields of its name stay.
     *
     * @throws IllegalArgumentException as {@link Headers#of}, or if the server sets the field
     */
    public Response and(String name, String value) {
        return withHeaders(headers.and(name, value));
    }

    /**
     * This response with the given fields added; other fields of their names stay.
     *
     * @throws IllegalArgumentException if the server sets one of the fields
     */
    public Response and(Headers others) {
        return withHeaders(headers.and(others));
    }

    private Response withHeaders(Headers value) {
        value.requireUnframed();
        return new Response(status, value, content, trailers, takeover);
    }

    /**
     * This response with trailer fields (RFC 9110, 6.5). They are sent only after a chunked body: a stream of unknown
     * length, to a client of HTTP/1.1.
     *
     * @param value called on the thread of the handler, once, after a stream was written; not called for other bodies.
     *     If it throws, or gives a field that the server sets, the connection is reset.
     */
    public Response withTrailers(Supplier<Headers> value) {
        return new Response(status, headers, content, value, takeover);
    }

    /**
     * This response with another body. The content is not copied.
     *
     * @throws IllegalStateException if the connection is taken over after this response
     */
    public Response withContent(Content value) {
        if (takeover != null) {
            throw new IllegalStateException("expected no body in a response after which the connection is taken over:"
                    + " send it from the handler that takes over");
        }
        return new Response(status, headers, value, trailers);
    }

    /** What takes the connection over after this response, if anything does. For servers and filters. */
    public Optional<Takeover> takeover() {
        return Optional.ofNullable(takeover);
    }

    /** The status code, from 200 to 599; 101 if the connection is taken over. */
    public int status() {
        return status;
    }

    /** The header fields, without those that the server sets. */
    public Headers headers() {
        return headers;
    }

    /** The body. For servers and filters. */
    public Content content() {
        return content;
    }

    /** Supplies the trailer fields. For servers. */
    public Supplier<Headers> trailers() {
        return trailers;
    }

    /**
     * Returns the bytes that would be sent as the body; for tests of handlers. Runs the writer of a stream, reads and
     * releases a file.
     */
    public byte[] bodyBytes() throws Exception {
        return switch (content) {
            case Content.Bytes here -> here.bytes().clone();
            case Content.Region region -> region.file().read(region.position(), region.length());
            case Content.Stream(long _, BodyWriter writer) -> {
                java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
                writer.write(all);
                yield all.toByteArray();
            }
        };
    }
}
