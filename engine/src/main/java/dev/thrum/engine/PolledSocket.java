package dev.thrum.engine;

import dev.thrum.engine.spi.Wire.Resting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A socket that has rested, and so no longer blocks: a thread that must wait for it parks, and the {@link RestPoller} wakes
 * it, or the conversation that rests.
 *
 * <p>Whoever waits first says so, in a field of this object, and then looks whether it must wait; whoever changes that
 * changes it first and then looks who waits. So none misses the other.
 */
final class PolledSocket {
    private static final AtomicReferenceFieldUpdater<PolledSocket, @Nullable Resting> RESTING =
            AtomicReferenceFieldUpdater.newUpdater(PolledSocket.class, Resting.class, "resting");

    /** About as long as a system call takes. */
    private static final long MOMENT_NANOS = 20_000;

    private final SocketWire wire;
    private final SocketChannel channel;
    private final RestPoller poller;

    // Set by the poller's thread, once.
    private volatile @Nullable SelectionKey key;

    // Set by the owner; taken, by compare-and-set, by the thread that wakes the conversation.
    private volatile @Nullable Resting resting;

    // Owned by the owner of the input; the thread that wakes the conversation owns it in between.
    private boolean mayTry;

    // Each set by the owner of that half while it waits.
    private volatile @Nullable Thread reader;
    private volatile @Nullable Thread writer;

    // Set by the thread that makes the socket non-blocking.
    private volatile boolean begun;

    // Set by any thread, never cleared: the socket can't be watched, or is closed.
    private volatile boolean broken;

    PolledSocket(SocketWire wire, SocketChannel channel, RestPoller poller) {
        this.wire = wire;
        this.channel = channel;
        this.poller = poller;
    }

    /** Makes the socket non-blocking and has it watched. Called once, while no call of the channel is in progress. */
    void begin() {
        try {
            channel.configureBlocking(false);
            begun = true;
            poller.add(this);
        } catch (IOException | RuntimeException | Error e) {
            // Closed meanwhile, or out of memory: whoever waits or rests finds it broken.
            begun = true;
            end();
            wire.reset();
        }
    }

    /** Waits until {@link #begin} has made the socket non-blocking, which another thread is doing now. */
    void awaitBegun() {
        while (!begun) {
            LockSupport.parkNanos(this, MOMENT_NANOS);
        }
    }

    // Called by the poller.

    void register(Selector selector) {
        try {
            SelectionKey made = channel.register(selector, 0, this);
            key = made;
            if (broken) {
                // It may linger, so it must not be reset.
                made.cancel();
                return;
            }
            // What was asked for before there was a key.
            made.interestOpsOr((resting != null || reader != null ? SelectionKey.OP_READ : 0)
                    | (writer != null ? SelectionKey.OP_WRITE : 0));
        } catch (IOException | RuntimeException | Error e) {
            // Closed, or out of memory: whoever waits or rests finds it broken.
            end();
            wire.reset();
        }
    }

    void ready(SelectionKey of) {
        int ready;
        try {
            ready = of.readyOps();
            of.interestOpsAnd(~ready);
        } catch (CancelledKeyException e) {
            end();
            return;
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
            LockSupport.unpark(reader);
            wakeResting();
        }
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            LockSupport.unpark(writer);
        }
    }

    private void wakeResting() {
        Resting conversation = RESTING.getAndSet(this, null);
        if (conversation != null) {
            mayTry = true;
            conversation.wake();
        }
    }

    // Called by the owners.

    /**
     * See {@link dev.thrum.engine.spi.Wire#rest}.
     *
     * @param over whether it is over already; whoever makes it true calls {@link #wake} then
     */
    void rest(Resting conversation, BooleanSupplier over) {
        resting = conversation;
        if (isOver() || over.getAsBoolean() || !watch(SelectionKey.OP_READ)) {
            wakeResting();
        }
    }

    /** Whether to try to read: once after each rest. */
    boolean takeTry() {
        boolean was = mayTry;
        mayTry = false;
        return was;
    }

    private boolean isOver() {
        return broken || !wire.isOpen();
    }

    /** Has the socket watched; returns false if that is impossible. */
    private boolean watch(int operations) {
        SelectionKey known = key;
        if (known == null) {
            // The poller is about to register it, and looks who waits then.
            return !broken;
        }
        try {
            known.interestOpsOr(operations);
            poller.changed();
            return true;
        } catch (CancelledKeyException e) {
            return false;
        }
    }

    /** Waits for the first of some bytes, and reads them; returns -1 at the end of the stream. */
    int read(ByteBuffer target) throws IOException {
        int count = channel.read(target);
        while (count == 0 && target.hasRemaining()) {
            awaitInput(0, () -> false);
            count = channel.read(target);
        }
        return count;
    }

    /**
     * Waits until a read need not wait, or a condition holds.
     *
     * @param nanos how long at most; without a limit if it is 0
     */
    void awaitInput(long nanos, BooleanSupplier woken) throws IOException {
        reader = Thread.currentThread();
        try {
            boolean watched = !isOver() && watch(SelectionKey.OP_READ);
            if (watched && !woken.getAsBoolean()) {
                park(nanos);
            }
        } finally {
            reader = null;
        }
    }

    /** Writes all of some bytes. */
    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                writer = Thread.currentThread();
                try {
                    if (!broken && watch(SelectionKey.OP_WRITE)) {
                        park(0);
                    }
                } finally {
                    writer = null;
                }
            }
        }
    }

    private void park(long nanos) throws IOException {
        if (nanos == 0) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos);
        }
        if (Thread.currentThread().isInterrupted()) {
            wire.reset();
            throw new ClosedByInterruptException();
        }
    }

    // Called by any thread.

    /** Makes whoever waits or rests look again. */
    void wake() {
        LockSupport.unpark(reader);
        LockSupport.unpark(writer);
        wakeResting();
    }

    /** The socket is closed on this side, or is about to be: it is watched no longer. */
    void end() {
        broken = true;
        SelectionKey known = key;
        if (known != null) {
            known.cancel();
        }
        // The descriptor of a closed channel is released when the selector forgets its key.
        poller.changed();
        wake();
    }
}
