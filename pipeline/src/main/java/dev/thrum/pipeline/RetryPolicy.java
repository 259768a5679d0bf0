package dev.thrum.pipeline;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * How often a failed item is tried again, and when: exponential back-off with full jitter. The n-th pause is drawn
 * from 0 to {@code first} · 2ⁿ⁻¹, at most {@code longest}, so that items that failed together don't return together.
 *
 * @param attempts how often an item is tried in all; 1 means never again
 * @param first the longest first pause
 * @param longest the longest pause
 * @param isTransient whether a failure may be gone next time; if not, the item becomes a dead letter at once. Never
 *     asked about an {@link Error} or an {@link InterruptedException}
 */
public record RetryPolicy(int attempts, Duration first, Duration longest, Predicate<? super Exception> isTransient) {
    /** So that the exponential stays within a long whatever the durations are. */
    private static final int MOST_DOUBLINGS = 30;

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("expected at least 1 attempt but was " + attempts);
        }
        if (first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "expected pauses of 0 <= first <= longest but were " + first + " and " + longest);
        }
    }

    /** Three attempts at whatever fails; pauses of at most 1 s, then 2 s. */
    public static RetryPolicy standard() {
        return new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(30), failure -> true);
    }

    /** One attempt. */
    public static RetryPolicy never() {
        return new RetryPolicy(1, Duration.ZERO, Duration.ZERO, failure -> false);
    }

    /** Whether an item is tried again that has failed like this, in this attempt. */
    boolean allows(int attempt, Exception failure) {
        return attempt < attempts && isTransient.test(failure);
    }

    /** Draws the pause after this attempt. */
    Duration pause(int attempt, RandomGenerator random) {
        long most = longest.toNanos();
        int doublings = Math.min(attempt - 1, MOST_DOUBLINGS);
        long ceiling = first.toNanos() > most >> doublings ? most : first.toNanos() << doublings;
        return Duration.ofNanos(ceiling == 0 ? 0 : random.nextLong(ceiling + 1));
    }
}
