package dev.thrum.engine;

import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * A wait for the peer outlasted its deadline.
 *
 * <p>After {@link Kind#IDLE} and {@link Kind#READ} nothing more can be read, but the handler may still write, so it
 * can say why it closes. After {@link Kind#WRITE} the connection is gone.
 */
public final class DeadlineException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    /** What was waited for. */
    public enum Kind {
        /** The first byte of the next message. */
        IDLE,
        /** The rest of a message that had begun. */
        READ,
        /** The peer's readiness to take what is sent. */
        WRITE,
        /** The connection itself. */
        CONNECT
    }

    private final Kind kind;
    private final Duration waited;

    public DeadlineException(Kind kind, Duration waited) {
        super(message(kind, waited));
        this.kind = kind;
        this.waited = waited;
    }

    public Kind kind() {
        return kind;
    }

    /** How long the wait was, or was allowed to be. */
    public Duration waited() {
        return waited;
    }

    private static String message(Kind kind, Duration waited) {
        String what = switch (kind) {
            case IDLE -> "nothing came from the peer for ";
            case READ -> "the rest of the message did not come within ";
            case WRITE -> "the peer did not take what was sent to it within ";
            case CONNECT -> "the peer did not answer the connection request within ";
        };
        return what + waited.toMillis() + " ms";
    }
}
