package dev.thrum.base;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A point in time by which several consecutive waits must be over.
 *
 * @param clock the clock that it is measured by
 * @param at a reading of that clock; may have wrapped around, so only differences mean anything
 */
public record Deadline(Clock clock, long at) {

    /** The deadline this long from now by the system's clock. */
    public static Deadline in(Duration patience) {
        return in(patience, Clock.system());
    }

    /** The deadline this long from now by a clock. */
    public static Deadline in(Duration patience, Clock clock) {
        return new Deadline(clock, clock.nanoTime() + Clock.nanos(patience));
    }

    /** The remaining time in nanoseconds; 0 once the deadline has passed. */
    public long nanosLeft() {
        return Math.max(0, at - clock.nanoTime());
    }

    public Duration left() {
        return Duration.ofNanos(nanosLeft());
    }

    /** Waits until the condition is signalled, the deadline has passed, or the wait ends for no reason. */
    public void await(Condition condition) throws InterruptedException {
        long _ = clock.awaitNanos(condition, nanosLeft());
    }

    /** Acquires a lock; returns false if it was not free before the deadline. */
    public boolean tryLock(Lock lock) throws InterruptedException {
        return clock.tryLock(lock, nanosLeft());
    }

    /** Waits for the end of a thread; returns false if it had not ended before the deadline. */
    public boolean join(Thread thread) throws InterruptedException {
        return clock.join(thread, nanosLeft());
    }
}
