package dev.thrum.engine;

import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Thrown when a wait for the peer exceeds its deadline.
 *
 * <p>After {@link Kind#IDLE} and {@link Kind#READ} nothing more can be read, but the handler may still write, so it
 * can report why it closes. After {@link Kind#WRITE} the connection is closed.
 */
public final class DeadlineException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    /** The kind of wait that expired. */
    public enum Kind {
        /** The first byte of the next message. */
        IDLE,
        /** The rest of a message whose first byte has arrived. */
        READ,
        /** Room for output: the peer must read first. */
        WRITE,
        /** The connection itself, or the look-up of its host's name before that. */
        CONNECT,
        /** The TLS handshake of an encrypted connection. */
        HANDSHAKE
    }

    private final Kind kind;
    private final Duration waited;

    public DeadlineException(Kind kind, Duration waited) {
        this(kind, waited, message(kind, waited));
    }

    private DeadlineException(Kind kind, Duration waited, String message) {
        super(message);
        this.kind = kind;
        this.waited = waited;
    }

    /** The name of a host was not looked up in time. */
    static DeadlineException lookUp(String host, Duration waited) {
        return new DeadlineException(
                Kind.CONNECT,
                waited,
                "the name \"" + host + "\" was not looked up within " + waited.toMillis()
                        + " ms: check the name servers of this machine, or allow more time");
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
            case IDLE -> "received nothing from the peer for ";
            case READ -> "the rest of the message did not arrive within ";
            case WRITE -> "the peer did not read the output within ";
            case CONNECT -> "the peer did not answer the connection request within ";
            case HANDSHAKE -> "the TLS handshake was not complete within ";
        };
        return what + waited.toMillis() + " ms";
    }
}
