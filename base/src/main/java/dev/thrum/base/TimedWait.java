package dev.thrum.base;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A wait of {@code java.util.concurrent} that a timer of a clock ends. The JDK ends its timed waits by the system's
 * clock only; so the wait has no limit of its own, and the timer interrupts it.
 *
 * <p>Each object is for one wait of the thread that creates it.
 */
final class TimedWait {

    /*
     * Whose interrupt it is
     *
     * Either the timer or the end of the wait moves the state on from WAITING, in one atomic step. If the end does,
     * the timer interrupts nothing. If the timer does, exactly one interrupt comes from it, and the waiter goes on
     * only when that has arrived: an InterruptedException has used up one interrupt, so a pending one belongs to
     * somebody else and stays. A wait that has ended normally leaves the timer's interrupt pending: it is cleared.
     *
     * An interrupt is a flag, so one of another thread that arrives while the timer's is pending is lost. In a
     * simulation, time passes only while all threads wait, and the interrupted one is the next to run.
     */

    private enum State {
        WAITING,
        /** The timer is about to interrupt the waiter. */
        EXPIRED,
        /** The timer has interrupted the waiter. */
        INTERRUPTED,
        ENDED
    }

    /** A wait without a time limit. */
    interface Wait {
        void run() throws InterruptedException;
    }

    private final Thread waiter = Thread.currentThread();
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final Clock clock;
    private final Duration limit;

    TimedWait(Clock clock, long nanos) {
        this.clock = clock;
        this.limit = Duration.ofNanos(nanos);
    }

    /**
     * Waits; returns false if the timer has ended the wait.
     *
     * @throws InterruptedException if another thread has interrupted the caller
     */
    boolean endsInTime(Wait wait) throws InterruptedException {
        Clock.Timer timer = clock.schedule(limit, this::expire);
        try {
            wait.run();
            if (hasExpired()) {
                boolean _ = Thread.interrupted();
            }
            return true;
        } catch (InterruptedException e) {
            if (!hasExpired()) {
                throw e;
            }
            return false;
        } finally {
            timer.cancel();
        }
    }

    private void expire() {
        if (state.compareAndSet(State.WAITING, State.EXPIRED)) {
            waiter.interrupt();
            state.set(State.INTERRUPTED);
        }
    }

    private boolean hasExpired() {
        if (state.compareAndSet(State.WAITING, State.ENDED)) {
            return false;
        }
        while (state.get() != State.INTERRUPTED) {
            Thread.onSpinWait();
        }
        return true;
    }
}
