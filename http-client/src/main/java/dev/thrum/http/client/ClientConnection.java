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
 * A connection to a server, and the exchanges over it, one after the other.
 *
 * <p>Owned by the thread that took it from {@link IdleConnections} or opened it, up to the end of the response's body;
 * then by {@link IdleConnections}, whose lock hands it over.
 */
final class ClientConnection {
    private static final System.Logger LOG = System.getLogger("dev.thrum.http");

    /** At most this many unread bytes of a body are read to keep the connection. */
    private static final int MOST_DISCARDED = 64 * 1024;

    /** At most this long, which is about the cost of a new connection. */
    private static final Duration DISCARD_TIME = Duration.ofMillis(100);

    private final Origin origin;
    private final Connection connection;
    private final HttpClientConfig config;
    private final IdleConnections idle;
    private final ReadBudget budget;
    private final HeadLines lines;

    // All three belong to the current exchange.
    private @Nullable Exchange exchange;
    private boolean mayBeKept;
    private boolean discarding;

    ClientConnection(Origin origin, Connection connection, HttpClientConfig config, IdleConnections idle) {
        this.origin = origin;
        this.connection = connection;
        this.config = config;
        this.idle = idle;
        this.budget = new ReadBudget(connection.reader(), connection.clock(), this::complain);
        this.lines = new HeadLines(connection.reader(), budget, config.isTolerant());
    }

    Origin origin() {
        return origin;
    }

    private void complain(DeadlineException passed, Duration granted) throws IOException {
        if (exchange != null) {
            exchange.complain(passed, granted);
        }
    }

    /**
     * Sends a request and waits for the head of its response; the response continues the exchange.
     *
     * @throws ResponseException of kind NOTHING if the connection ended before any byte of a response
     */
    ClientResponse exchange(ClientRequest request, Exchange time) throws IOException {
        exchange = time;
        mayBeKept = false;
        discarding = false;
        budget.until(time.end());
        boolean whole = false;
        try {
            boolean decodes = config.compression()
                    && !request.headers().contains("Accept-Encoding")
                    // A part of a compressed body can't be decoded.
                    && !request.headers().contains("Range");
            mayBeKept = send(request, decodes, time) && config.keepsAlive();
            ClientResponse response = receive(request, decodes, time);
            whole = true;
            return response;
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
                    && !hasBegunToRespond()
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

    /** Whether any byte has arrived, of an interim response too: then the server has received the request. */
    private boolean hasBegunToRespond() {
        ByteReader reader = connection.reader();
        try {
            return reader.limit() > reader.position() || reader.available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    static IOException interrupted(InterruptedException cause) {
        IOException exception = new InterruptedIOException("interrupted while a request was sent");
        exception.initCause(cause);
        return exception;
    }

    /** Only here is an {@link HttpException} about the response. In {@link #send} it is of the source of the body. */
    private ClientResponse receive(ClientRequest request, boolean decodes, Exchange time) throws IOException {
        try {
            return parse(request, decodes, time);
        } catch (HttpException e) {
            throw found(e);
        }
    }

    private ClientResponse parse(ClientRequest request, boolean decodes, Exchange time) throws IOException {
        RawExchange raw = request.options().raw();
        RawTap tap = raw == null ? null : new RawTap(raw);
        budget.tap(tap);
        ResponseReader.Head head = new ResponseReader(time.limits(), budget, lines, tap).read();
        BodySource source = new ResponseFraming(time.limits(), budget, lines).source(head, request.method());
        mayBeKept &= ResponseFraming.keepsAlive(head, source);
        Body received = new Body(source, time.limits().body(), false, _ -> beginBody());
        ContentCoding coding = ContentCoding.of(head.headers(), decodes(request, decodes, head));
        ResponseBody body = new ResponseBody(received, this, time, coding);
        return new ClientResponse(head, body, coding, config.isTolerant(), connection.peer());
    }

    private static boolean decodes(ClientRequest request, boolean usually, ResponseReader.Head head) {
        ClientRequest.Decoding rule = request.options().decoding();
        return rule == null ? usually : rule.applies(head.status(), head.headers());
    }

    private void beginBody() {
        if (discarding) {
            budget.begin(DISCARD_TIME);
        } else {
            HttpLimits.Pace pace = limits().pace();
            budget.begin(pace.pause(), pace.bodyRate());
        }
    }

    private HttpLimits limits() {
        return exchange == null ? config.limits() : exchange.limits();
    }

    boolean isTolerant() {
        return config.isTolerant();
    }

    /** Translates an error of the parsers. */
    ResponseException found(HttpException error) {
        return ResponseException.of(error, budget.hasEnded(), limits());
    }

    /** The body was read to its end: the exchange is over. */
    void release() {
        budget.tap(null);
        // Whether it is quiet is asked when it is taken, which costs a call of the network.
        if (mayBeKept && !lines.isDoubtful()) {
            // The lock of IdleConnections orders this before its use by the next caller.
            connection.releaseOwnership();
            idle.keep(this);
        } else {
            close();
        }
    }

    /** The caller does not read the rest of this body. */
    void abandon(Body raw) {
        budget.tap(null);
        boolean worthIt = mayBeKept && !lines.isDoubtful() && !raw.isAborted() && raw.leftAtLeast() <= MOST_DISCARDED;
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
            LOG.log(Level.TRACE, "the unread rest of a response did not arrive in time", e);
            return false;
        }
    }

    /** Whether no unrequested bytes have arrived: they would be taken for the next response (RFC 9112, 9.2). */
    boolean isQuiet() {
        try {
            return connection.reader().isQuiet();
        } catch (IOException e) {
            return false;
        }
    }

    /** Closes the connection in an orderly way. */
    void close() {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection to " + origin + " could not be closed", e);
        }
    }

    /** Ends the connection at once. */
    void reset() {
        connection.reset();
    }
}
