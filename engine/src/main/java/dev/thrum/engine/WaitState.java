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
    private static final Wait NOTHING = new Wait(Waiting.NOTHING, 0, false);
    private static final Wait EXPIRED = new Wait(Waiting.NOTHING, 0, true);

    private final AtomicReference<Wait> current = new AtomicReference<>(new Wait(Waiting.WORKER, 0, false));

    private record Wait(Waiting what, long deadline, boolean expired) {
        boolean hasDeadline() {
            return what == Waiting.MESSAGE || what == Waiting.INPUT || what == Waiting.OUTPUT;
        }
    }

    void begin(Waiting what, long deadline) {
        current.set(new Wait(what, deadline, false));
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

    /** Expires a wait for the next message whose deadline, moved forward by so much, has passed. */
    boolean expireIdle(long now, long earlier) {
        Wait wait = current.get();
        return wait.what() == Waiting.MESSAGE
                && now - (wait.deadline() - earlier) >= 0
                && current.compareAndSet(wait, EXPIRED);
    }

    /** How long a wait for the next message still has; the longest idle has the least. */
    long remaining(long now) {
        return current.get().deadline() - now;
    }
}
