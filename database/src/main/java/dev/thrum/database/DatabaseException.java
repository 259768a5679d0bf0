package dev.thrum.database;

import org.jspecify.annotations.Nullable;

/**
 * A database call that came to nothing, or of which nobody knows what became.
 *
 * <p>The message is for the log: it names the place and the remedy. What clients may be told follows from the
 * {@link #reason}.
 */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as a caller can act on it. */
    public enum Reason {
        /** Too many calls wait already; nothing was done, and a later try may succeed. */
        OVERLOADED,
        /** The deadline passed, and nothing was done. */
        EXPIRED,
        /** The call was begun and its answer did not come: it may have been done or not. */
        UNKNOWN,
        /** The database can't work now (down, locked, disk full, damaged); nothing was done. */
        UNAVAILABLE,
        /** The database has been shut down; nothing was done. */
        CLOSED,
        /** The statement or the work was refused or threw; nothing was done, and a second try would fail too. */
        FAILED
    }

    private final Reason reason;

    public DatabaseException(Reason reason, String message, @Nullable Throwable cause) {
        // Who is refused under load learns nothing from a stack that costs more than the refusal.
        super(message, cause, true, reason == Reason.FAILED);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
