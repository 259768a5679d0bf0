package dev.thrum.events;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The wait of a connection's owner for its loop, and the means to end it.
 *
 * <p>The owner first announces that it waits and then checks the condition; a thread that changes the condition
 * changes it first and then wakes the owner.
 */
final class OwnerWait {
    private final Loop loop;

    // Both set by any thread, never cleared.
    private volatile boolean inputEnded;
    private volatile boolean broken;

    // Set by the owner while it waits.
    private volatile @Nullable Thread waiter;

    /** The connection whose owner waits. */
    interface Waited {
        /** Whether there is something to read (input), or the next write can be tried (output). */
        boolean isReady(boolean input);

        /** Called when the waiting thread itself blocks the loop: polls the kernel itself, or fails. */
        void pollDirectly() throws IOException;

        void reset();
    }

    OwnerWait(Loop loop) {
        this.loop = loop;
    }

    /** Ends input: nothing more is read. */
    void endInput() {
        inputEnded = true;
        wake();
    }

    boolean isInputEnded() {
        return inputEnded;
    }

    /** Aborts: nothing more is read or written. */
    void abort() {
        broken = true;
        wake();
    }

    boolean isAborted() {
        return broken;
    }

    /** Wakes the owner, because the condition may hold now. */
    void wake() {
        Thread owner = waiter;
        if (owner != null) {
            LockSupport.unpark(owner);
        }
    }

    /** Waits for input, or until output can continue; returns at once when it is aborted. Called by the owner. */
    void await(Waited connection, boolean input) throws IOException {
        loop.beginWait();
        waiter = Thread.currentThread();
        try {
            while (!broken && !connection.isReady(input) && !(input && inputEnded)) {
                if (Thread.currentThread().isInterrupted()) {
                    connection.reset();
                    throw new ClosedByInterruptException();
                }
                if (loop.isKeptBy(Thread.currentThread())) {
                    connection.pollDirectly();
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            waiter = null;
        }
    }

    /** Waits until the loop has asked the kernel once more and handled its events. */
    void awaitTurn() throws IOException {
        Turn turn = new Turn();
        loop.execute(() -> {
            turn.over = true;
            wake();
        });
        await(turn, false);
    }

    /** One turn of the loop: a task submitted before it runs after the kernel's events. */
    private static final class Turn implements Waited {
        // Set by the loop.
        private volatile boolean over;

        @Override
        public boolean isReady(boolean input) {
            return over;
        }

        @Override
        public void pollDirectly() throws IOException {
            throw pinned();
        }

        @Override
        public void reset() {
            // An interrupted wait only loses its result.
        }
    }

    /** The exception of a wait that can never end. */
    static IOException pinned() {
        return new IOException("expected a thread that releases its loop while it waits but it is pinned, by a class"
                + " initializer or a native frame below it: offload such code");
    }

    /** Waits until output can continue, at most this number of nanoseconds. Called by the owner. */
    void awaitOutput(Waited connection, long nanos) {
        waiter = Thread.currentThread();
        try {
            if (!broken && !connection.isReady(false)) {
                LockSupport.parkNanos(this, nanos);
            }
        } finally {
            waiter = null;
        }
    }
}
