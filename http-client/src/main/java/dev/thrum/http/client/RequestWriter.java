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
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request.
 *
 * <p>A server may answer before it has read the body, and then read no more (RFC 9112, 9.5): between two parts of a body
 * it is looked whether an answer has begun. Owned by the thread that sends.
 */
final class RequestWriter {
    private static final System.Logger LOG = System.getLogger("dev.thrum.http");

    /** So much is sent between two looks at the clock. */
    private static final int PART = 64 * 1024;

    /** Where in {@code HTTP/1.1 200} the first digit of the status is. */
    private static final int STATUS_DIGIT = 9;

    /** So much is looked at to find a final answer behind interim ones. */
    private static final int MOST_LOOKED_AT = 16 * 1024;

    /** What is here already is not waited for; this only has to be above zero. */
    private static final Duration LOOK = Duration.ofSeconds(1);

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
     * Sends it.
     *
     * @param decodes whether an answer that is compressed can be read
     * @return whether all of it was sent; if not, the server has answered before
     */
    boolean write(ClientRequest request, boolean decodes) throws Exception {
        try {
            bound();
            sending = true;
            writeHead(request, decodes);
            writeBody(request.content());
            connection.writer().flush();
            return true;
        } catch (AnsweredException e) {
            dropOutput();
            return false;
        } catch (DeadlineException | UnaskedException e) {
            throw e;
        } catch (IOException e) {
            if (sending && request.content() != null && isAnswered()) {
                dropOutput();
                return false;
            }
            throw e;
        } finally {
            connection.deadlines(connection.deadlines().withWrite(writeDeadline));
        }
    }

    /** What is gathered would be sent before the answer is read, and if that failed, the answer would be lost. */
    private void dropOutput() {
        try {
            connection.writer().flush();
        } catch (IOException e) {
            LOG.log(Level.TRACE, "the server answered and does not read the rest of the request", e);
        }
    }

    /** Whether what failed was the connection, and not where the body comes from. */
    boolean failedSending() {
        return sending;
    }

    private void writeHead(ClientRequest request, boolean decodes) throws IOException {
        ByteWriter writer = connection.writer();
        writer.writeLatin1(request.method() + " " + request.target() + " HTTP/1.1\r\nHost: "
                + request.origin().authority() + "\r\n");
        if (!config.userAgent().isEmpty() && !request.headers().contains("User-Agent")) {
            writer.writeLatin1("User-Agent: " + config.userAgent() + "\r\n");
        }
        if (decodes) {
            writer.writeLatin1("Accept-Encoding: gzip\r\n");
        }
        request.headers().writeTo(writer);
        if (!config.keepsAlive()) {
            writer.writeLatin1("Connection: close\r\n");
        }
        writer.writeLatin1(framing(request) + "\r\n");
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
                // Where the body comes from may have taken its time since the last part.
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

    /** Whether a final answer has begun to come, be it behind interim ones. */
    private boolean isAnswered() {
        ByteReader reader = connection.reader();
        reader.deadline(LOOK);
        try {
            while (true) {
                int here = reader.limit() - reader.position();
                int at = endOfInterim(reader.array(), reader.position(), reader.limit());
                if (reader.limit() - at > STATUS_DIGIT && reader.array()[at + STATUS_DIGIT] != '1') {
                    return true;
                }
                // It does not wait: there are bytes.
                if (here > MOST_LOOKED_AT || reader.available() <= here || !reader.awaitMore()) {
                    return false;
                }
            }
        } catch (IOException e) {
            return false;
        } finally {
            reader.clearDeadline();
        }
    }

    /** Behind the interim answers that are here as a whole. */
    private static int endOfInterim(byte[] bytes, int start, int end) {
        int at = start;
        while (end - at > STATUS_DIGIT && bytes[at + STATUS_DIGIT] == '1') {
            int behind = endOfHead(bytes, at, end);
            if (behind < 0) {
                return at;
            }
            at = behind;
        }
        return at;
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
     * Requires that nothing came before anything was sent: the first part of a body can be long in coming, and what comes
     * meanwhile over a kept connection would pass for the answer (RFC 9112, 9.2).
     */
    private void requireNothingUnasked() throws IOException {
        if (!bodyBegun
                && connection.bytesOut() == sentBefore
                && connection.reader().available() > 0) {
            throw new UnaskedException();
        }
        bodyBegun = true;
    }

    /** Cuts what is written into parts, each within the time that is left. */
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
                requireNothingUnasked();
                if (isAnswered()) {
                    throw new AnsweredException();
                }
                sending = true;
                out.write(source, offset + done, Math.min(PART, length - done));
                sending = before;
            }
        }
    }

    /** Ends the exchange before it has begun. */
    private static final class UnaskedException extends IOException {
        private static final long serialVersionUID = 1L;

        UnaskedException() {
            super("expected nothing from the server before it was asked, but something came");
        }
    }

    /** Ends the sending of a body that nobody will read. */
    private static final class AnsweredException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
