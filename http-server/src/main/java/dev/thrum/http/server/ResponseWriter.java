package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.ByteWriter;
import dev.thrum.engine.Connection;
import dev.thrum.http.Headers;
import dev.thrum.http.Response;
import dev.thrum.http.Response.Content;
import dev.thrum.http.Status;
import dev.thrum.http.syntax.HttpDate;
import dev.thrum.http.wire.BodyOutput;
import java.io.IOException;

/** Writes the responses of one connection. Owned by the thread of the handler. */
final class ResponseWriter {
    private static final byte[] LENGTH = "Content-Length: ".getBytes(ISO_8859_1);
    private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(ISO_8859_1);
    private static final byte[] CLOSE = "Connection: close\r\n".getBytes(ISO_8859_1);
    private static final byte[] KEEP_ALIVE = "Connection: keep-alive\r\n".getBytes(ISO_8859_1);
    private static final byte[] UPGRADE = "Connection: upgrade\r\nUpgrade: ".getBytes(ISO_8859_1);
    private static final byte[] CRLF = "\r\n".getBytes(ISO_8859_1);

    private final Connection connection;
    private final ConnectionContext context;
    private final ByteWriter writer;
    private final HttpDate dates;
    private final byte[] digits = new byte[Long.toString(Long.MAX_VALUE).length()];

    /** The length of the body of the last response, as far as it was written. */
    private long bodyBytes;

    ResponseWriter(Connection connection, ConnectionContext context, HttpDate dates) {
        this.connection = connection;
        this.context = context;
        this.writer = connection.writer();
        this.dates = dates;
    }

    /**
     * The properties of the request and connection that decide how a response is framed.
     *
     * @param bodiless whether the request was HEAD
     * @param http11 whether the client understands chunks
     * @param keepAlive whether the connection may be kept
     * @param silent whether all of the request has been read, so that no thread reads while the response is written
     */
    record ResponseFraming(boolean bodiless, boolean http11, boolean keepAlive, boolean silent) {
        /** For a request that could not be read: the connection ends after the response. */
        static ResponseFraming last() {
            return new ResponseFraming(false, true, false, false);
        }
    }

    /**
     * Writes a response; it is sent when the connection waits for the next request.
     *
     * @param now a reading of the clock
     * @return whether the connection is kept
     */
    boolean write(Response response, ResponseFraming to, long now) throws Exception {
        bodyBytes = 0;
        boolean hasBody = Status.allowsBody(response.status());
        long length = length(response.content());
        boolean chunked = hasBody && length < 0 && to.http11();
        // Without a length and without chunks the end of the connection is the end of the body.
        boolean keepAlive = to.keepAlive() && (!hasBody || length >= 0 || chunked || to.bodiless());
        writer.write(Status.line(response.status()));
        writer.write(dates.line(connection.clock(), now));
        response.headers().writeTo(writer);
        if (hasBody && length >= 0) {
            writer.write(LENGTH);
            writeDecimal(length);
            writer.write(CRLF);
        } else if (chunked) {
            writer.write(CHUNKED);
        }
        if (!keepAlive) {
            writer.write(CLOSE);
        } else if (!to.http11()) {
            writer.write(KEEP_ALIVE);
        }
        writer.write(CRLF);
        if (hasBody && !to.bodiless()) {
            writeBody(response, to, chunked);
        }
        return keepAlive;
    }

    /** Writes and sends a response after which the connection is taken over: no body or framing follows its head. */
    void writeTakeover(Response response, String protocol, long now) throws IOException {
        bodyBytes = 0;
        writer.write(Status.line(response.status()));
        writer.write(dates.line(connection.clock(), now));
        response.headers().writeTo(writer);
        if (!protocol.isEmpty()) {
            writer.write(UPGRADE);
            writer.writeLatin1(protocol);
            writer.write(CRLF);
        }
        writer.write(CRLF);
        writer.flush();
    }

    long bodyBytes() {
        return bodyBytes;
    }

    private static long length(Content content) {
        return switch (content) {
            case Content.Bytes here -> here.bytes().length;
            case Content.Stream(long length, Response.BodyWriter _) -> length;
            case Content.Region region -> region.length();
        };
    }

    private void writeDecimal(long value) throws IOException {
        int at = digits.length;
        long left = value;
        do {
            at--;
            digits[at] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        writer.write(digits, at, digits.length - at);
    }

    /** Whatever a writer makes of being interrupted, the response fails with the reason of the watch. */
    private void writeStream(Response.BodyWriter body, BodyOutput out, ResponseFraming to) throws Exception {
        SilenceWatch watch = context.watch(to.silent());
        try {
            body.write(watch.over(out));
        } finally {
            bodyBytes = out.count();
            context.endWatch(watch);
        }
    }

    private void writeBody(Response response, ResponseFraming to, boolean chunked) throws Exception {
        switch (response.content()) {
            case Content.Bytes here -> {
                bodyBytes = here.bytes().length;
                writer.write(here.bytes());
            }
            case Content.Region(Content.OpenFile file, long position, long length) -> {
                long before = connection.bytesOut();
                boolean whole = false;
                try {
                    file.send(connection, position, length);
                    whole = true;
                } finally {
                    // The head may have been sent with it, so this is an upper bound.
                    bodyBytes = whole ? length : Math.min(length, connection.bytesOut() - before);
                }
            }
            case Content.Stream(long length, Response.BodyWriter body) -> {
                BodyOutput out = new BodyOutput(writer, chunked, length);
                writeStream(body, out, to);
                Headers trailers = response.trailers().get();
                trailers.requireUnframed();
                out.end(trailers);
            }
        }
    }
}
