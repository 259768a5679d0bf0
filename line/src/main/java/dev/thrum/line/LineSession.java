package dev.thrum.line;

import dev.thrum.base.Printable;
import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.LineTooLongException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * A conversation in lines of UTF-8 text, over one connection.
 *
 * <p>Written lines are sent when the session next waits for a line and when it ends. Owned by its handler; not safe
 * for concurrent use.
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
     * @return empty if no line has begun in this time, or the client has ended its half of the stream
     *     ({@link #hasEnded})
     */
    public Optional<String> readLine(Duration patience) throws IOException {
        try {
            if (connection.reader().await(patience) == Arrival.NOTHING) {
                return Optional.empty();
            }
        } catch (DeadlineException e) {
            fault = Optional.of(e);
            throw e;
        }
        return readLine();
    }

    /** Whether {@link #readLine} has found the end of the client's half of the stream. */
    public boolean hasEnded() {
        return ended;
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
