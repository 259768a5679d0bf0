package dev.thrum.base;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A source of time, and of waits that end by it: the system's clock, or a simulation's.
 *
 * <p>Code on an engine uses the clock of that engine, all other code {@link #system}, so that a simulated hour takes
 * no time.
 */
public interface Clock extends InstantSource {
    /**
     * The system's clock. In code that a simulation has loaded, calls of this method return the simulation's clock.
     */
    static Clock system() {
        return SystemClock.SHARED;
    }

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
     * Waits like {@link Condition#awaitNanos}, but by this clock.
     *
     * @return the nanoseconds that are left; zero or less when the time is over
     */
    default long awaitNanos(Condition condition, long nanos) throws InterruptedException {
        long end = nanoTime() + nanos;
        boolean _ = new TimedWait(this, nanos).endsInTime(condition::await);
        return end - nanoTime();
    }

    /** Acquires a lock like {@link Lock#tryLock(long, java.util.concurrent.TimeUnit)}, but by this clock. */
    default boolean tryLock(Lock lock, long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return lock.tryLock() || (nanos > 0 && new TimedWait(this, nanos).endsInTime(lock::lockInterruptibly));
    }

    /** Waits for the end of a thread like {@link Thread#join(Duration)}, but by this clock; returns whether it ended. */
    default boolean join(Thread thread, long nanos) throws InterruptedException {
        return thread.getState() == Thread.State.TERMINATED
                || (nanos > 0 && new TimedWait(this, nanos).endsInTime(thread::join));
    }

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
