package dev.thrum.base;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The source of time of an engine: the system's clock, or a simulation's.
 *
 * <p>All waits, measurements and timestamps in Thrum use the clock of their engine, so that a simulated hour takes no
 * time.
 */
public interface Clock extends InstantSource {
    /** Nanoseconds since an arbitrary origin; only differences are meaningful. */
    long nanoTime();

    /** The current date and time. */
    @Override
    Instant instant();

    /** Blocks the calling thread for this duration. */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Runs a task once, later, on a thread that all timers of this clock share: the task must be short and must not
     * block.
     */
    Timer schedule(Duration delay, Runnable task);

    /**
     * A duration in nanoseconds, at least 0 and at most a century, so that adding it to a reading of a clock does not
     * overflow.
     */
    static long nanos(Duration duration) {
        Duration century = Duration.ofDays(36_525);
        return duration.isNegative() ? 0 : (duration.compareTo(century) < 0 ? duration : century).toNanos();
    }

    /** A task that has been scheduled. */
    interface Timer {
        /** Cancels the task if it has not begun. */
        void cancel();
    }
}
