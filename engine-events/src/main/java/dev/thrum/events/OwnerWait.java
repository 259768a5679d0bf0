package dev.thrum.events;

import dev.thrum.base.Clock;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The waits of a connection's owners for its loop, one for input and one for output, and the means to end them.
 *
 * <p>An owner first announces that it waits and then checks the condition; a thread that changes the condition
 * changes it first and then wakes the owners.
 */
final class OwnerWait {
    private static final AtomicReferenceFieldUpdater<OwnerWait, Wire.@Nullable Resting> RESTING =
            AtomicReferenceFieldUpdater.newUpdater(OwnerWait.class, Wire.Resting.class, "resting");

    private final Loop loop;
    private final Clock clock;

    /** Whether a connection that waits for an exchange rests at once, and not only when that is suggested. */
    private final boolean restsAtOnce;

    // Both set by any thread, never cleared.
    private volatile boolean inputEnded;
    private volatile boolean broken;

    // Set by any thread, cleared by the owner of the input.
    private volatile boolean restSuggested;

    // Set by the owner of the input as its last act; taken, by compare-and-set, by the thread that wakes the
    // conversation.
    private volatile Wire.@Nullable Resting resting;

    // Each set by the owner of that half while it waits.
    private volatile @Nullable Thread reader;
    private volatile @Nullable Thread writer;

    /** The connection whose owners wait. */
    interface Waited {
        /** Whether there is something to read (input), or the next write can be tried (output). */
        boolean isReady(boolean input);

        /** Called when the waiting thread itself blocks the loop: polls the kernel itself, or fails. */
        void pollDirectly() throws IOException;

        void reset();
    }

    OwnerWait(Loop loop, Clock clock, RestPolicy policy) {
        this.loop = loop;
        this.clock = clock;
        this.restsAtOnce = policy == RestPolicy.AT_ONCE;
    }

    /** Ends input: nothing more is read. */
    void endInput() {
        inputEnded = true;
        wakeAll();
    }

    boolean isInputEnded() {
        return inputEnded;
    }

    /** Aborts: nothing more is read or written. */
    void abort() {
        broken = true;
        wakeAll();
    }

    boolean isAborted() {
        return broken;
    }

    /** Wakes the owners that wait, because their condition may hold now. */
    void wake() {
        unpark(reader);
        unpark(writer);
    }

    /** Wakes the owners, or the conversation that rests. */
    void wakeAll() {
        wake();
        if (resting != null) {
            Wire.Resting conversation = RESTING.getAndSet(this, null);
            if (conversation != null) {
                conversation.wake();
            }
        }
    }

    /** Begins to rest: {@link #wakeAll} wakes the conversation. The last call of the owner of the input. */
    void rest(Waited connection, Wire.Resting conversation) {
        resting = conversation;
        if (isOver(connection, true)) {
            wakeAll();
        }
    }

    void suggestRest() {
        if (!restSuggested) {
            restSuggested = true;
            wake();
        }
    }

    /** Waits for input like {@link #await}; returns false if the connection should rest, or a condition holds. */
    boolean awaitExchange(Waited connection, BooleanSupplier woken) throws IOException {
        if (restsAtOnce) {
            return isOver(connection, true);
        }
        if (restSuggested) {
            restSuggested = false;
        }
        loop.beginWait();
        reader = Thread.currentThread();
        try {
            while (!isOver(connection, true)) {
                endIfInterrupted(connection);
                if (restSuggested || woken.getAsBoolean()) {
                    return false;
                }
                if (loop.isKeptBy(Thread.currentThread())) {
                    connection.pollDirectly();
                } else {
                    LockSupport.park(this);
                }
            }
            return true;
        } finally {
            reader = null;
        }
    }

    private static void unpark(@Nullable Thread owner) {
        if (owner != null) {
            LockSupport.unpark(owner);
        }
    }

    private void waits(boolean input, @Nullable Thread owner) {
        if (input) {
            reader = owner;
        } else {
            writer = owner;
        }
    }

    /**
     * Waits for input, or until output can continue; returns at once when it is aborted. Called by the owner of that
     * half.
     */
    void await(Waited connection, boolean input) throws IOException {
        loop.beginWait();
        waits(input, Thread.currentThread());
        try {
            while (!isOver(connection, input)) {
                endIfInterrupted(connection);
                if (loop.isKeptBy(Thread.currentThread())) {
                    connection.pollDirectly();
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            waits(input, null);
        }
    }

    /**
     * Waits for input like {@link #await}, at most this long, and no longer than until a condition holds; returns whether
     * there is input.
     */
    boolean awaitInput(Waited connection, Duration patience, BooleanSupplier woken) throws IOException {
        long until = clock.nanoTime() + Clock.nanos(patience);
        loop.beginWait();
        reader = Thread.currentThread();
        try {
            while (!isOver(connection, true)) {
                endIfInterrupted(connection);
                long left = until - clock.nanoTime();
                if (left <= 0 || woken.getAsBoolean()) {
                    return false;
                }
                if (loop.isKeptBy(Thread.currentThread())) {
                    connection.pollDirectly();
                } else {
                    LockSupport.parkNanos(this, left);
                }
            }
            return true;
        } finally {
            reader = null;
        }
    }

    private boolean isOver(Waited connection, boolean input) {
        return broken || connection.isReady(input) || (input && inputEnded);
    }

    private static void endIfInterrupted(Waited connection) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            connection.reset();
            throw new ClosedByInterruptException();
        }
    }

    /** Waits until the loop has asked the kernel once more and handled its events. */
    void awaitTurn() throws IOException {
        Turn turn = new Turn();
        loop.execute(() -> {
            turn.over = true;
            wake();
        });
        await(turn, true);
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

    /** Waits until a connection that is being opened takes output or has failed. Called by the thread that opens it. */
    void awaitOpen(Waited connection, long deadline) throws IOException {
        long start = clock.nanoTime();
        loop.beginWait();
        writer = Thread.currentThread();
        try {
            while (!isOver(connection, false)) {
                long left = deadline - clock.nanoTime();
                if (left <= 0) {
                    throw new DeadlineException(DeadlineException.Kind.CONNECT, Duration.ofNanos(deadline - start));
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new ClosedByInterruptException();
                }
                if (loop.isKeptBy(Thread.currentThread())) {
                    throw pinned();
                }
                LockSupport.parkNanos(this, left);
            }
        } finally {
            writer = null;
        }
    }
}
