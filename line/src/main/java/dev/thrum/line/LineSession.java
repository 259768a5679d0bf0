package dev.thrum.line;

import dev.thrum.base.Printable;
import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.LineTooLongException;
import dev.thrum.engine.Outbox;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * A conversation in lines of UTF-8 text, over one connection.
 *
 * <p>Written lines are sent when the session next waits for a line and when it ends. Owned by its handler; not safe
 * for concurrent use. Only {@link #send}, {@link #offer} and {@link #connection} are for any thread.
 */
public final class LineSession {
    private static final System.Logger LOG = System.getLogger("dev.thrum.lines");
    private static final int MOST_LOGGED = 200;

    private final Connection connection;
    private final LineFormat format;

    /** Whether each line is logged. Checked once, because a check for each line would have a cost. */
    private final boolean logged = LOG.isLoggable(Level.TRACE);

    // All owned by the handler's thread.
    private boolean ended;
    private boolean closing;
    private Optional<IOException> fault = Optional.empty();

    LineSession(Connection connection, LineFormat format) {
        this.connection = connection;
        this.format = format;
    }

    /**
     * Waits for the next line of the client and returns it without its terminator, with U+FFFD for malformed UTF-8.
     * If the logger {@code dev.thrum.lines} is at level TRACE when the session begins, the line is logged.
     *
     * @return empty when the client has ended its half of the stream
     * @throws dev.thrum.engine.LineTooLongException if the line is longer than the format allows
     * @throws dev.thrum.engine.DeadlineException if no byte, or not the rest of the line, arrives in time
     */
    public Optional<String> readLine() throws IOException {
        try {
            Optional<String> line = connection.reader().readLine(format.maxBytes());
            ended |= line.isEmpty();
            if (logged) {
                line.ifPresent(this::log);
            }
            return line;
        } catch (LineTooLongException | DeadlineException e) {
            fault = Optional.of(e);
            throw e;
        }
    }

    /**
     * Waits for the next line like {@link #readLine()}, but at most this long for its first byte. That this time passes is
     * a result: the session goes on, and can do something else before it waits again. The idle deadline stays final.
     *
     * @return empty if no line has begun in this time, another thread has called {@link Connection#wake}, or the client has
     *     ended its half of the stream ({@link #hasEnded})
     */
    public Optional<String> readLine(Duration patience) throws IOException {
        Arrival what = await(patience);
        return what == Arrival.INPUT || what == Arrival.END ? readLine() : Optional.empty();
    }

    /** Whether {@link #readLine} has found the end of the client's half of the stream. */
    public boolean hasEnded() {
        return ended;
    }

    /**
     * Waits for a line to begin, at most this long, and no longer than until another thread calls
     * {@link Connection#wake}: a session can wait for its client and for other threads at once.
     */
    public Arrival await(Duration patience) throws IOException {
        try {
            Arrival what = connection.reader().await(patience);
            ended |= what == Arrival.END;
            return what;
        } catch (DeadlineException e) {
            fault = Optional.of(e);
            throw e;
        }
    }

    private void log(String line) {
        LOG.log(
                Level.TRACE,
                "connection " + connection.number() + ": received " + Printable.excerpt(line, MOST_LOGGED));
    }

    /** Writes a line; the terminator is added. */
    public void writeLine(String line) throws IOException {
        connection.writer().write(line + format.terminator());
    }

    /**
     * Sends a line through the connection's {@link Outbox}: any thread may call this, such as the handler of another
     * client. The line is not sent before what the handler has written until it waits for input or flushes. If the outbox
     * is full and its policy is {@link Outbox.WhenFull#WAIT}, this waits for room.
     *
     * @throws IllegalStateException if this session's own handler would wait for room
     * @throws IllegalArgumentException if the line is larger than the outbox may be
     */
    public Outbox.Outcome send(String line) throws InterruptedException {
        return connection.outbox().send(format.encode(line));
    }

    /** Sends a line like {@link #send}, but never waits: see {@link Outbox#offer}. */
    public Outbox.Outcome offer(String line) {
        return connection.outbox().offer(format.encode(line));
    }

    /**
     * Ends a session in callback style, after sending the written lines: its handler gets no further line.
     * Straight-line code returns instead.
     */
    public void close() {
        closing = true;
    }

    /** The connection of this session, for its peer, clock, deadlines and raw bytes. */
    public Connection connection() {
        return connection;
    }

    /** The failure of reading from this client, if that ended the conversation. */
    Optional<IOException> fault() {
        return fault;
    }

    boolean isClosing() {
        return closing;
    }
}
