package dev.thrum.pipeline;

/** A queue that never waits for room has reached its limit. It fails the attempt that sends, which may be retried. */
public final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public QueueFullException(String message) {
        super(message);
    }
}
