package dev.thrum.work;

import java.io.Serial;

/** Says that a {@link WorkQueue} was closed: it accepts nothing more, or nothing is left to be taken. */
public final class QueueClosedException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1;

    QueueClosedException(String message) {
        super(message);
    }
}
