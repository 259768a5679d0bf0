package dev.thrum.http;

import dev.thrum.engine.ByteReader;
import dev.thrum.engine.ByteWriter;
import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.Response.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
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

    private final Connection connection;
    private final HttpClientConfig config;
    private final Exchange exchange;
    private final Duration writeDeadline;
    private boolean sending;

    RequestWriter(Connection connection, HttpClientConfig config, Exchange exchange) {
        this.connection = connection;
        this.config = config;
        this.exchange = exchange;
        this.writeDeadline = connection.deadlines().write();
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
        } catch (DeadlineException e) {
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
        };
    }

    private static String length(long bytes) {
        return "Content-Length: " + bytes + "\r\n";
    }

    private void writeBody(@Nullable Content content) throws Exception {
        switch (content) {
            case null -> {}
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
                out.end(Headers.none());
            }
        }
    }

    /** No write waits longer than the exchange may take. */
    private void bound() throws IOException {
        Duration left = exchange.left();
        connection.deadlines(
                connection.deadlines().withWrite(left.compareTo(writeDeadline) < 0 ? left : writeDeadline));
    }

    /** Whether a final answer has begun to come. */
    private boolean isAnswered() {
        ByteReader reader = connection.reader();
        try {
            int here = reader.limit() - reader.position();
            if (here <= STATUS_DIGIT && reader.available() > here) {
                // It does not wait: there are bytes.
                var _ = reader.awaitMore();
            }
        } catch (IOException e) {
            return false;
        }
        return reader.limit() - reader.position() > STATUS_DIGIT
                && reader.array()[reader.position() + STATUS_DIGIT] != '1';
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
                if (isAnswered()) {
                    throw new AnsweredException();
                }
                sending = true;
                out.write(source, offset + done, Math.min(PART, length - done));
                sending = before;
            }
        }
    }

    /** Ends the sending of a body that nobody will read. */
    private static final class AnsweredException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
