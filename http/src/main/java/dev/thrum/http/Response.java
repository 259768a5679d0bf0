package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.engine.Connection;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

/**
 * An answer: a status, header fields, and a body that is here or is written when its turn comes. Immutable.
 *
 * <p>How the body is framed, the date and whether the connection is kept are the server's business; fields that say so
 * are refused.
 */
public final class Response {
    private static final Headers TEXT = Headers.of("Content-Type", "text/plain; charset=utf-8");

    private final int status;
    private final Headers headers;
    private final Content content;
    private final Supplier<Headers> trailers;

    private Response(int status, Headers headers, Content content, Supplier<Headers> trailers) {
        this.status = status;
        this.headers = headers;
        this.content = content;
        this.trailers = trailers;
    }

    /** The body of a message to be sent. For servers, clients and filters. */
    public sealed interface Content {
        /** One that is here. */
        final class Bytes implements Content {
            private final byte[] bytes;
            private final boolean finished;

            public Bytes(byte[] bytes) {
                this(bytes, false);
            }

            /**
             * These bytes.
             *
             * @param finished whether filters leave them as they are
             */
            public Bytes(byte[] bytes, boolean finished) {
                this.bytes = bytes;
                this.finished = finished;
            }

            public boolean finished() {
                return finished;
            }

            /** Not to be changed. */
            public byte[] bytes() {
                return bytes;
            }
        }

        /**
         * One that is written when its turn comes.
         *
         * @param length in bytes, or {@link BodySource#UNKNOWN}
         */
        record Stream(long length, BodyWriter writer) implements Content {}

        /** A part of a file, which filters leave as it is. */
        record Region(OpenFile file, long position, long length) implements Content {}

        /** An open file that belongs to one response. Owned by the handler's thread. */
        interface OpenFile {
            /**
             * Sends a part of it, and releases it.
             *
             * @throws java.io.EOFException if the file is shorter than that
             */
            void send(Connection connection, long position, long length) throws IOException;

            /** Reads a part of it, and releases it. */
            byte[] read(long position, long length) throws IOException;
        }
    }

    /** Writes a body, on the handler's thread. */
    @FunctionalInterface
    public interface BodyWriter {
        /**
         * Writes it; what was written leaves at the latest when this returns, and earlier at each {@code flush}.
         *
         * @param out waits while the client does not read; need not be closed
         * @throws Exception to cut the connection, so that the client does not take a part for the whole
         */
        void write(OutputStream out) throws Exception;
    }

    /** An answer with these bytes as its body, which are copied. */
    public static Response of(int status, String contentType, byte[] body) {
        return of(status, Headers.of("Content-Type", contentType), body);
    }

    /** An answer with this text as its body, in UTF-8. */
    public static Response of(int status, String contentType, String body) {
        return checked(status, Headers.of("Content-Type", contentType), new Content.Bytes(body.getBytes(UTF_8)));
    }

    /** An answer with these header fields and these bytes as its body, which are copied. */
    public static Response of(int status, Headers headers, byte[] body) {
        return checked(status, headers, new Content.Bytes(body.clone()));
    }

    /** 200 with plain text. */
    public static Response text(String body) {
        return new Response(200, TEXT, new Content.Bytes(body.getBytes(UTF_8)), Headers::none);
    }

    /** An answer without a body. */
    public static Response empty(int status) {
        return of(status, Headers.none(), new byte[0]);
    }

    /** An answer whose body is written when its turn comes, of a length that is not known before: in chunks. */
    public static Response stream(int status, String contentType, BodyWriter writer) {
        return checked(status, Headers.of("Content-Type", contentType), new Content.Stream(BodySource.UNKNOWN, writer));
    }

    /** An answer whose body is written when its turn comes, of exactly this length in bytes. */
    public static Response stream(int status, String contentType, long length, BodyWriter writer) {
        if (length < 0) {
            throw new IllegalArgumentException("expected a length of at least 0 but was " + length);
        }
        return checked(status, Headers.of("Content-Type", contentType), new Content.Stream(length, writer));
    }

    private static Response checked(int status, Headers headers, Content content) {
        Status.requireFinal(status);
        headers.requireUnframed();
        return new Response(status, headers, content, Headers::none);
    }

    /** An answer of this module's own making. */
    public static Response of(int status, Headers headers, Content content) {
        return checked(status, headers, content);
    }

    /** The same with this field instead of all others of its name. */
    public Response with(String name, String value) {
        return withHeaders(headers.with(name, value));
    }

    /** The same with this field besides others of its name. */
    public Response and(String name, String value) {
        return withHeaders(headers.and(name, value));
    }

    /** The same with these fields besides. */
    public Response and(Headers others) {
        return withHeaders(headers.and(others));
    }

    private Response withHeaders(Headers value) {
        value.requireUnframed();
        return new Response(status, value, content, trailers);
    }

    /** The same with fields behind the body, which are asked for when it has been written; sent where it is in chunks. */
    public Response withTrailers(Supplier<Headers> value) {
        return new Response(status, headers, content, value);
    }

    /** The same with another body. */
    public Response withContent(Content value) {
        return new Response(status, headers, value, trailers);
    }

    public int status() {
        return status;
    }

    public Headers headers() {
        return headers;
    }

    /** For servers and filters. */
    public Content content() {
        return content;
    }

    /** Supplies the fields after the body. For servers. */
    public Supplier<Headers> trailers() {
        return trailers;
    }

    /** What it would send as its body; for tests of handlers. */
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
