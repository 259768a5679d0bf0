package dev.thrum.http.client;

import dev.thrum.engine.ByteReader;
import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.Body;
import dev.thrum.http.BodySource;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.wire.HeadLines;
import dev.thrum.http.wire.ReadBudget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server, and the exchanges over it, one after the other.
 *
 * <p>Owned by the thread that has it from {@link IdleConnections} or has opened it, up to the end of the answer's body;
 * then by {@link IdleConnections}, whose lock hands it over.
 */
final class ClientConnection {
    private static final System.Logger LOG = System.getLogger("dev.thrum.http");

    /** So much of a body that nobody wants is read, to keep the connection. */
    private static final int MOST_DISCARDED = 64 * 1024;

    /** And so long is it waited for, which is about what a new connection costs. */
    private static final Duration DISCARD_TIME = Duration.ofMillis(100);

    private final Origin origin;
    private final Connection connection;
    private final HttpClientConfig config;
    private final IdleConnections idle;
    private final ReadBudget budget;
    private final HeadLines lines;

    // All three belong to the exchange under way.
    private @Nullable Exchange exchange;
    private boolean mayBeKept;
    private boolean discarding;

    ClientConnection(Origin origin, Connection connection, HttpClientConfig config, IdleConnections idle) {
        this.origin = origin;
        this.connection = connection;
        this.config = config;
        this.idle = idle;
        this.budget = new ReadBudget(connection.reader(), connection.clock(), this::complain);
        this.lines = new HeadLines(connection.reader(), budget);
    }

    Origin origin() {
        return origin;
    }

    private void complain(DeadlineException passed, Duration told) throws IOException {
        if (exchange != null) {
            exchange.complain(passed, told);
        }
    }

    /**
     * Sends a request and waits for the head of its answer; the rest of the exchange is the response's.
     *
     * @throws ResponseException of kind NOTHING if the connection ended without a byte of an answer
     */
    ClientResponse exchange(ClientRequest request, Exchange time) throws IOException {
        exchange = time;
        mayBeKept = false;
        discarding = false;
        budget.until(time.end());
        boolean whole = false;
        try {
            boolean decodes = config.gzip()
                    && !request.headers().contains("Accept-Encoding")
                    // Of a part of something compressed nothing can be decoded.
                    && !request.headers().contains("Range");
            mayBeKept = send(request, decodes, time) && config.keepsAlive();
            ClientResponse response = receive(request, decodes, time);
            whole = true;
            return response;
        } catch (HttpException e) {
            throw found(e);
        } finally {
            if (!whole) {
                reset();
            }
        }
    }

    private boolean send(ClientRequest request, boolean decodes, Exchange time) throws IOException {
        RequestWriter writer = new RequestWriter(connection, config, time);
        try {
            return writer.write(request, decodes);
        } catch (DeadlineException e) {
            throw e;
        } catch (IOException e) {
            boolean nothing = writer.failedSending()
                    && !hasBegunToAnswer()
                    && !Thread.currentThread().isInterrupted();
            throw nothing ? ResponseReader.nothing(e) : e;
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        } catch (Exception e) {
            throw new IOException("expected the body of the request to be written but it failed: " + e, e);
        }
    }

    /** Whether any byte has come, be it of an interim answer: then the server has seen the request. */
    private boolean hasBegunToAnswer() {
        ByteReader reader = connection.reader();
        try {
            return reader.limit() > reader.position() || reader.available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    static IOException interrupted(InterruptedException cause) {
        IOException exception = new InterruptedIOException("interrupted while it waited for others");
        exception.initCause(cause);
        return exception;
    }

    private ClientResponse receive(ClientRequest request, boolean decodes, Exchange time) throws IOException {
        ResponseReader answers = new ResponseReader(config.limits(), budget, lines);
        ResponseReader.Head head = answers.read();
        BodySource source = answers.source(head, request.method());
        mayBeKept &= ResponseReader.keepsAlive(head, source);
        Body raw = new Body(source, config.limits().body(), false, _ -> beginBody());
        ContentCoding coding = ContentCoding.of(head.headers(), decodes);
        ResponseBody body = new ResponseBody(raw, this, time, config.limits(), coding.gzipped());
        return new ClientResponse(head, body, coding);
    }

    private void beginBody() {
        if (discarding) {
            budget.begin(DISCARD_TIME);
        } else {
            HttpLimits.Pace pace = config.limits().pace();
            budget.begin(pace.pause(), pace.bodyRate());
        }
    }

    /** An error of the parsers, as the client tells it. */
    ResponseException found(HttpException error) {
        return ResponseException.of(error, budget.hasEnded(), config.limits());
    }

    /** The exchange is over, its body read to the end. */
    void release() {
        if (mayBeKept && isQuiet()) {
            // The lock of those that are idle orders this before the use by the next caller.
            connection.releaseOwnership();
            idle.keep(this);
        } else {
            close();
        }
    }

    /** Nobody wants the rest of this body. */
    void abandon(Body raw) {
        boolean worthIt = mayBeKept && !raw.isAborted() && raw.leftAtLeast() <= MOST_DISCARDED;
        if (worthIt && discard(raw)) {
            release();
        } else {
            reset();
        }
    }

    private boolean discard(Body raw) {
        discarding = true;
        budget.begin(DISCARD_TIME);
        try {
            return raw.discard(MOST_DISCARDED);
        } catch (IOException | HttpException e) {
            LOG.log(Level.TRACE, "the rest of an answer that nobody wanted did not come", e);
            return false;
        }
    }

    /** Whether nothing has come that nobody asked for: it would pass for the next answer (RFC 9112, 9.2). */
    boolean isQuiet() {
        try {
            return connection.reader().isQuiet();
        } catch (IOException e) {
            return false;
        }
    }

    /** Takes leave of the server. */
    void close() {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection to " + origin + " could not be closed", e);
        }
    }

    /** Ends it at once. */
    void reset() {
        connection.reset();
    }
}
