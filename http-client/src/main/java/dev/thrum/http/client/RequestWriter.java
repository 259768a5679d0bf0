package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.ByteReader;
import dev.thrum.engine.ByteWriter;
import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.Headers;
import dev.thrum.http.Response;
import dev.thrum.http.Response.Content;
import dev.thrum.http.wire.BodyOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request.
 *
 * <p>A server may respond before it has read the body, and stop reading (RFC 9112, 9.5), so the writer checks between
 * two parts of a body whether a response has begun. Owned by the thread that sends.
 */
final class RequestWriter {
    private static final System.Logger LOG = System.getLogger("dev.thrum.http");

    /** The number of bytes sent between two checks of the time. */
    private static final int PART = 64 * 1024;

    /** The index of the first digit of the status in {@code HTTP/1.1 200}. */
    private static final int STATUS_DIGIT = 9;

    private static final int STATUS_END = STATUS_DIGIT + 3;

    /** At most this many bytes are searched for a final response after interim ones. */
    private static final int MOST_SEARCHED = 16 * 1024;

    /** Only bytes that have arrived are read, so nothing waits this long; it only has to be above zero. */
    private static final Duration CHECK = Duration.ofSeconds(1);

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(ISO_8859_1);

    private final Connection connection;
    private final HttpClientConfig config;
    private final Exchange exchange;
    private final Duration writeDeadline;
    private final long sentBefore;
    private boolean sending;
    private boolean bodyBegun;

    RequestWriter(Connection connection, HttpClientConfig config, Exchange exchange) {
        this.connection = connection;
        this.config = config;
        this.exchange = exchange;
        this.writeDeadline = connection.deadlines().write();
        this.sentBefore = connection.bytesOut();
    }

    /**
     * Sends the request.
     *
     * @param decodes whether a compressed response can be decoded
     * @return whether all of it was sent; if not, the server has responded before
     */
    boolean write(ClientRequest request, boolean decodes) throws Exception {
        try {
            bound();
            writeHead(request, decodes);
            writeBody(request.content());
            connection.writer().flush();
            return true;
        } catch (RespondedException e) {
            dropOutput();
            return false;
        } catch (DeadlineException | UnrequestedException e) {
            throw e;
        } catch (IOException e) {
            if (sending && request.content() != null && hasResponse()) {
                dropOutput();
                return false;
            }
            throw e;
        } finally {
            connection.deadlines(connection.deadlines().withWrite(writeDeadline));
        }
    }

    /** Gathered output would be sent before the response is read, and if that failed, the response would be lost. */
    private void dropOutput() {
        try {
            connection.writer().flush();
        } catch (IOException e) {
            LOG.log(Level.TRACE, "the server has responded and does not read the rest of the request", e);
        }
    }

    /** Whether the connection failed, and not the source of the body. */
    boolean failedSending() {
        return sending;
    }

    private void writeHead(ClientRequest request, boolean decodes) throws IOException {
        String begin = beginOfHead(request, decodes);
        String end = (config.keepsAlive() ? "" : "Connection: close\r\n") + framing(request) + "\r\n";
        RawExchange raw = request.options().raw();
        if (raw != null) {
            Headers headers = request.headers();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            head.writeBytes(begin.getBytes(ISO_8859_1));
            head.write(headers.block(), 0, headers.length());
            head.writeBytes(end.getBytes(ISO_8859_1));
            raw.request(head.toByteArray());
        }
        sending = true;
        ByteWriter writer = connection.writer();
        writer.writeLatin1(begin);
        request.headers().writeTo(writer);
        writer.writeLatin1(end);
    }

    private String beginOfHead(ClientRequest request, boolean decodes) {
        boolean named = !config.userAgent().isEmpty() && !request.headers().contains("User-Agent");
        return request.method() + " " + request.target() + " HTTP/1.1\r\nHost: "
                + request.origin().authority() + "\r\n"
                + (named ? "User-Agent: " + config.userAgent() + "\r\n" : "")
                + (decodes ? "Accept-Encoding: " + ContentCoding.ACCEPTED + "\r\n" : "");
    }

    private static String framing(ClientRequest request) {
        return switch (request.content()) {
            case null -> request.expectsBody() ? length(0) : "";
            case Content.Bytes here -> length(here.bytes().length);
            case Content.Stream(long length, Response.BodyWriter _) ->
                length < 0 ? "Transfer-Encoding: chunked\r\n" : length(length);
            case Content.Region region -> length(region.length());
        };
    }

    private static String length(long bytes) {
        return "Content-Length: " + bytes + "\r\n";
    }

    private void writeBody(@Nullable Content content) throws Exception {
        switch (content) {
            case null -> {}
            case Content.Region _ -> throw new IllegalStateException("expected no part of a file in a request");
            case Content.Bytes here -> {
                byte[] bytes = here.bytes();
                BodyOutput out = new BodyOutput(connection.writer(), false, bytes.length);
                new Parts(out).write(bytes);
            }
            case Content.Stream(long length, Response.BodyWriter body) -> {
                BodyOutput out = new BodyOutput(connection.writer(), length < 0, length);
                sending = false;
                body.write(new Parts(out));
                sending = true;
                // The source of the body may have taken its time since the last part.
                bound();
                out.end(Headers.none());
                bound();
            }
        }
    }

    /** No write waits longer than the exchange may take. */
    private void bound() throws IOException {
        Duration left = exchange.left();
        connection.deadlines(
                connection.deadlines().withWrite(left.compareTo(writeDeadline) < 0 ? left : writeDeadline));
    }

    /** Whether a final response has begun to arrive, possibly after interim ones. */
    private boolean hasResponse() {
        ByteReader reader = connection.reader();
        reader.deadline(CHECK);
        try {
            while (true) {
                int here = reader.limit() - reader.position();
                int at = endOfInterim(reader.array(), reader.position(), reader.limit());
                if (reader.limit() - at >= STATUS_END && !isInterim(reader.array(), at)) {
                    return true;
                }
                // There are bytes, so it does not wait.
                if (here > MOST_SEARCHED || reader.available() <= here || !reader.awaitMore()) {
                    return false;
                }
            }
        } catch (IOException e) {
            return false;
        } finally {
            reader.clearDeadline();
        }
    }

    /** The index after the interim responses that have arrived completely. */
    private static int endOfInterim(byte[] bytes, int start, int end) {
        int at = start;
        while (end - at >= STATUS_END && isInterim(bytes, at)) {
            int after = endOfHead(bytes, at, end);
            if (after < 0) {
                return at;
            }
            at = after;
        }
        return at;
    }

    /** Whether a final response follows this one: not after 101, which ends HTTP. */
    private static boolean isInterim(byte[] bytes, int at) {
        return bytes[at + STATUS_DIGIT] == '1'
                && !(bytes[at + STATUS_DIGIT + 1] == '0' && bytes[at + STATUS_DIGIT + 2] == '1');
    }

    private static int endOfHead(byte[] bytes, int start, int end) {
        for (int at = start; at + END_OF_HEAD.length <= end; at++) {
            if (Arrays.equals(bytes, at, at + END_OF_HEAD.length, END_OF_HEAD, 0, END_OF_HEAD.length)) {
                return at + END_OF_HEAD.length;
            }
        }
        return -1;
    }

    /**
     * Requires that nothing was received before the first byte is sent. The first part of a body can take long, and
     * bytes that a kept connection receives meanwhile would be taken for the response (RFC 9112, 9.2).
     */
    private void requireNothingUnrequested() throws IOException {
        if (!bodyBegun
                && connection.bytesOut() == sentBefore
                && connection.reader().available() > 0) {
            throw new UnrequestedException();
        }
        bodyBegun = true;
    }

    /** Splits output into parts, each within the remaining time. */
    private final class Parts extends OutputStream {
        private final BodyOutput out;

        Parts(BodyOutput out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            boolean before = sending;
            for (int done = 0; done < length; done += PART) {
                bound();
                requireNothingUnrequested();
                if (hasResponse()) {
                    throw new RespondedException();
                }
                sending = true;
                out.write(source, offset + done, Math.min(PART, length - done));
                sending = before;
            }
        }
    }

    /** Ends the exchange before it has begun. */
    private static final class UnrequestedException extends IOException {
        private static final long serialVersionUID = 1L;

        UnrequestedException() {
            super("expected nothing from the server before the request but it sent something");
        }
    }

    /** Ends the sending of a body that the server will not read. */
    private static final class RespondedException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
