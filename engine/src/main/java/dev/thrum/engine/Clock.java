package dev.thrum.engine;

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

    /** A task that has been scheduled. */
    interface Timer {
        /** Keeps the task from running, if it has not begun. */
        void cancel();
    }
}
