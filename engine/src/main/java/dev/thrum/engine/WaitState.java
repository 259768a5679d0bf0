package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Waiting;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * The current wait of one half of a connection and its deadline; written by the half's owner, read by the reaper and
 * the registry.
 *
 * <p>A wait is one immutable object. So the reaper's compare-and-set expires exactly the wait that it checked and
 * never the next one: either the owner ends the wait first and nothing expires, or the reaper marks it first and the
 * owner finds out in {@link #end}.
 */
final class WaitState {
    /** Longer than any process runs; a clock that counts nanoseconds does not overflow by it. */
    private static final long NEVER = Long.MAX_VALUE / 2;

    private static final Wait NOTHING = Wait.of(Waiting.NOTHING, 0, 0);
    private static final Wait EXPIRED = Wait.of(Waiting.NOTHING, 0, -1);

    // An updater and no AtomicReference: with thousands of connections each further object is a further cache miss.
    private static final AtomicReferenceFieldUpdater<WaitState, Wait> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(WaitState.class, Wait.class, "current");

    private volatile Wait current;

    private WaitState(Wait first) {
        this.current = first;
    }

    /** The waits of the input; the first is for a thread to run the handler. */
    static WaitState ofInput() {
        return new WaitState(Wait.of(Waiting.WORKER, 0, 0));
    }

    /** The waits of the output. */
    static WaitState ofOutput() {
        return new WaitState(NOTHING);
    }

    /**
     * One wait.
     *
     * @param since when it began, and
     * @param deadline when it must be over: readings of the engine's clock
     */
    record Wait(Waiting what, long since, long deadline) {
        static Wait of(Waiting what, long since, long deadline) {
            return new Wait(what, since, deadline);
        }

        /** Whether this stands for a wait that has expired: it has no deadline of its own. */
        boolean expired() {
            return what == Waiting.NOTHING && deadline < 0;
        }

        /** A wait that no deadline ends. */
        static Wait withoutDeadline(Waiting what, long since) {
            return of(what, since, since + NEVER);
        }

        boolean hasDeadline() {
            return isForInput() || what == Waiting.OUTPUT || what == Waiting.HANDSHAKE;
        }

        boolean isForInput() {
            return isForMessage() || what == Waiting.INPUT || what == Waiting.PAUSE;
        }

        /** Whether the wait is for the first byte of a message or exchange. */
        boolean isForMessage() {
            return what == Waiting.MESSAGE || what == Waiting.EXCHANGE;
        }
    }

    void begin(Wait wait) {
        // Readers may see it slightly later; a full fence would add a cost to every wait of every connection.
        CURRENT.lazySet(this, wait);
    }

    /** Begins a wait that every thread sees before the caller's next volatile read. */
    void beginVisibly(Wait wait) {
        current = wait;
    }

    /** The handler runs: its wait is over. */
    void beginNothing() {
        CURRENT.lazySet(this, NOTHING);
    }

    /** Ends the wait; returns whether it was expired. */
    boolean end() {
        return CURRENT.getAndSet(this, NOTHING).expired();
    }

    Waiting what() {
        return current.what();
    }

    boolean isWaiting() {
        return what() != Waiting.NOTHING;
    }

    /** Expires the wait if its deadline has passed; returns what it waited for, or NOTHING. */
    Waiting expireIfDue(long now) {
        Wait wait = current;
        boolean due = wait.hasDeadline() && now - wait.deadline() >= 0;
        return due && CURRENT.compareAndSet(this, wait, EXPIRED) ? wait.what() : Waiting.NOTHING;
    }

    /** The current wait. */
    Wait current() {
        return current;
    }

    /** Expires this wait, whatever its deadline, if it is still the current one. */
    boolean expire(Wait wait) {
        return CURRENT.compareAndSet(this, wait, EXPIRED);
    }
}
