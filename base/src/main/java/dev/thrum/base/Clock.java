package dev.thrum.base;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time an engine lives in: the system's, or a simulation's.
 *
 * <p>Everything in Thrum that waits, measures or dates does it by the clock of its engine, so that a simulated hour
 * takes no time.
 */
public interface Clock extends InstantSource {
    /** Nanoseconds since an arbitrary origin; only differences mean something. */
    long nanoTime();

    /** The date and time. */
    @Override
    Instant instant();

    /** Waits. */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Runs a task once, later, on a thread that all timers of this clock share: the task must be short and must not
     * block.
     */
    Timer schedule(Duration delay, Runnable task);

    /**
     * A duration in nanoseconds, at least 0; what is longer than a century counts as a century, so that adding it to a
     * reading of a clock does not overflow.
     */
    static long nanos(Duration duration) {
        Duration century = Duration.ofDays(36_525);
        return duration.isNegative() ? 0 : (duration.compareTo(century) < 0 ? duration : century).toNanos();
    }

    /** A task that has been scheduled. */
    interface Timer {
        /** Keeps the task from running, if it has not begun. */
        void cancel();
    }
}
