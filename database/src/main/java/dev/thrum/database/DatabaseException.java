package dev.thrum.database;

import org.jspecify.annotations.Nullable;

/**
 * A database call that failed, or whose outcome is uncertain.
 *
 * <p>The message is for the log: it names the place and the remedy. Responses to clients depend only on the {@link
 * #reason}.
 */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kind of failure, as far as a caller can act on it. */
    public enum Reason {
        /** Too many calls were waiting; nothing was done, and a later try may succeed. */
        OVERLOADED,
        /** The deadline passed, and nothing was done. */
        EXPIRED,
        /** The call was begun but its result did not arrive: it may have been done or not. */
        UNKNOWN,
        /** The database can't work now (down, locked, disk full, damaged); nothing was done. */
        UNAVAILABLE,
        /** The database has been shut down; nothing was done. */
        CLOSED,
        /** The statement was refused, or the work threw; nothing was done, and a second try would fail too. */
        FAILED
    }

    private final Reason reason;

    /**
     * A failure; only one of reason {@link Reason#FAILED} has a stack trace.
     *
     * @param message for the log: the place and the remedy
     */
    public DatabaseException(Reason reason, String message, @Nullable Throwable cause) {
        // Under load, a stack trace would cost more than the refusal itself and tell nothing.
        super(message, cause, true, reason == Reason.FAILED);
        this.reason = reason;
    }

    /** The kind of failure. */
    public Reason reason() {
        return reason;
    }
}
