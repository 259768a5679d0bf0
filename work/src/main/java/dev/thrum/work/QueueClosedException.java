package dev.thrum.work;

import java.io.Serial;

/** Thrown when a {@link WorkQueue} is closed and accepts no more items, or is closed and empty. */
public final class QueueClosedException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Creates an exception; for queues of other modules, too. */
    public QueueClosedException(String message) {
        super(message);
    }
}
