package dev.thrum.events;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where the owner of a connection waits for its loop, and how others end that.
 *
 * <p>The owner says that it waits and then looks at what it waits for; who changes that changes it first and then wakes.
 */
final class OwnerWait {
    private final Loop loop;

    // Both raised by any thread, never lowered.
    private volatile boolean deaf;
    private volatile boolean broken;

    // Set by the owner while it waits.
    private volatile @Nullable Thread waiter;

    /** A connection that something is waited for. */
    interface Waited {
        /** Whether there is something to read (input), or the next write can be tried (output). */
        boolean isReady(boolean input);

        /** The loop is kept by the very thread that waits for it; the wait may look by itself, or fail. */
        void lookAlone() throws IOException;

        void reset();
    }

    OwnerWait(Loop loop) {
        this.loop = loop;
    }

    /** Nothing more is read. */
    void endInput() {
        deaf = true;
        wake();
    }

    boolean isInputEnded() {
        return deaf;
    }

    /** Nothing more is read or written. */
    void abort() {
        broken = true;
        wake();
    }

    boolean isAborted() {
        return broken;
    }

    /** What the owner waits for may have come. */
    void wake() {
        Thread owner = waiter;
        if (owner != null) {
            LockSupport.unpark(owner);
        }
    }

    /** The owner waits for input, or until output may go on; returns at once when that is broken off. */
    void await(Waited connection, boolean input) throws IOException {
        loop.beginWait();
        waiter = Thread.currentThread();
        try {
            while (!broken && !connection.isReady(input) && !(input && deaf)) {
                if (Thread.currentThread().isInterrupted()) {
                    connection.reset();
                    throw new ClosedByInterruptException();
                }
                if (loop.isKeptBy(Thread.currentThread())) {
                    connection.lookAlone();
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            waiter = null;
        }
    }

    /** Waits until the loop has asked the kernel once more and handled what it said. */
    void awaitTurn() throws IOException {
        Turn turn = new Turn();
        loop.execute(() -> {
            turn.over = true;
            wake();
        });
        await(turn, false);
    }

    /** A turn of the loop: what it was given beforehand runs behind what the kernel has said. */
    private static final class Turn implements Waited {
        // Raised by the loop.
        private volatile boolean over;

        @Override
        public boolean isReady(boolean input) {
            return over;
        }

        @Override
        public void lookAlone() throws IOException {
            throw pinned();
        }

        @Override
        public void reset() {
            // Whose wait is interrupted loses what it asked for, and nothing else.
        }
    }

    /** Why a wait fails that can't be helped. */
    static IOException pinned() {
        return new IOException("expected a thread that lets go of its loop while it waits but it is pinned, by a class"
                + " initializer or a native frame below it: offload what needs that");
    }

    /** The owner waits for output, and no longer than so many nanoseconds. */
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
