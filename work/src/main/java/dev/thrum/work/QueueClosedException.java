package dev.thrum.work;

import java.io.Serial;

/** Thrown when a {@link WorkQueue} is closed and accepts no more items, or is closed and empty. */
public final class QueueClosedException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1;

    QueueClosedException(String message) {
        super(message);
    }
}
