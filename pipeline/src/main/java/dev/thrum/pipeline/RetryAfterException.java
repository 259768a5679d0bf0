package dev.thrum.pipeline;

import java.time.Duration;

/**
 * A failure that names the time of the next attempt, such as HTTP's {@code Retry-After}. It is retried if the policy has
 * attempts left, whatever {@link RetryPolicy#isTransient} says, no earlier than after its pause.
 */
public final class RetryAfterException extends Exception {
    private static final long serialVersionUID = 1;

    private final Duration pause;
    private final boolean wholeKey;

    /**
     * Creates a failure.
     *
     * @param reason what has failed
     * @param pause the shortest time until the next attempt
     * @param wholeKey whether no other item of the key begins before that, either. It makes no difference in a stage
     *     without {@link StageOptions#perKey}
     */
    public RetryAfterException(String reason, Duration pause, boolean wholeKey) {
        super(reason);
        if (pause.isNegative()) {
            throw new IllegalArgumentException("expected a pause of 0 or more but was " + pause);
        }
        this.pause = pause;
        this.wholeKey = wholeKey;
    }

    public Duration pause() {
        return pause;
    }

    public boolean isForWholeKey() {
        return wholeKey;
    }
}
