package dev.thrum.base;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/**
 * A point in time by which several consecutive waits must be over.
 *
 * <p>It reads {@code System.nanoTime} because the JDK's timed waits, which it feeds, do: time taken from another
 * clock would be added up with theirs. Beside {@link FaultReports}, this is the only place of the module that reads a
 * clock.
 *
 * @param at a reading of {@code System.nanoTime}; may have wrapped around, so only differences mean anything
 */
public record Deadline(long at) {

    public static Deadline in(Duration patience) {
        return new Deadline(System.nanoTime() + nanos(patience));
    }

    /** The duration in nanoseconds: at least 0, and at most about 292 years instead of an overflow. */
    public static long nanos(Duration patience) {
        return Math.max(0, NANOSECONDS.convert(patience));
    }

    /** The remaining time in nanoseconds; 0 once the deadline has passed. */
    public long nanosLeft() {
        return Math.max(0, at - System.nanoTime());
    }

    public Duration left() {
        return Duration.ofNanos(nanosLeft());
    }
}
