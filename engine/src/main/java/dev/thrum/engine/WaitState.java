package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Waiting;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a connection waits for and until when: written by its owner, read by the reaper and the registry.
 *
 * <p>A wait is one immutable object, so that the reaper, by comparing and setting, ends exactly the wait it looked at
 * and never the next one: either the owner ends the wait first and nothing expires, or the reaper marks it first and
 * the owner learns so at {@link #end}.
 */
final class WaitState {
    private static final Wait NOTHING = Wait.of(Waiting.NOTHING, 0, 0);
    private static final Wait EXPIRED = new Wait(Waiting.NOTHING, 0, 0, true);

    private final AtomicReference<Wait> current = new AtomicReference<>(Wait.of(Waiting.WORKER, 0, 0));

    /**
     * One wait.
     *
     * @param since when it began, and
     * @param deadline when it must be over: readings of the engine's clock
     */
    record Wait(Waiting what, long since, long deadline, boolean expired) {
        static Wait of(Waiting what, long since, long deadline) {
            return new Wait(what, since, deadline, false);
        }

        boolean hasDeadline() {
            return isForInput() || what == Waiting.OUTPUT;
        }

        boolean isForInput() {
            return isForMessage() || what == Waiting.INPUT;
        }

        /** Whether nothing has come yet of what is waited for. */
        boolean isForMessage() {
            return what == Waiting.MESSAGE || what == Waiting.EXCHANGE;
        }
    }

    void begin(Wait wait) {
        // Whoever looks may see it a little later; a full fence would cost every wait of every connection.
        current.setRelease(wait);
    }

    /** The handler runs: whatever was waited for is here. */
    void beginNothing() {
        current.setRelease(NOTHING);
    }

    /** Ends the wait; returns whether it was expired. */
    boolean end() {
        return current.getAndSet(NOTHING).expired();
    }

    Waiting what() {
        return current.get().what();
    }

    /** Expires the wait if its deadline has passed; returns what it waited for, or NOTHING. */
    Waiting expireIfDue(long now) {
        Wait wait = current.get();
        boolean due = wait.hasDeadline() && now - wait.deadline() >= 0;
        return due && current.compareAndSet(wait, EXPIRED) ? wait.what() : Waiting.NOTHING;
    }

    /** The wait of this moment. */
    Wait current() {
        return current.get();
    }

    /** Expires this wait, whatever its deadline, if it is still the one under way. */
    boolean expire(Wait wait) {
        return current.compareAndSet(wait, EXPIRED);
    }
}
