package dev.thrum.engine;

import dev.thrum.base.Threads;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The thread {@code thrum-rest} of engine {@code threads}: it watches the sockets of connections that rest, or that wait in
 * the middle of a message after they have rested once.
 *
 * <p>A socket is registered once, for good; after that only what it is watched for changes. Any thread may change that, and
 * wakes the poller only if it sleeps.
 */
final class RestPoller implements Runnable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.engine");

    /** How long it pauses after a failure that may last. */
    private static final long PAUSE_NANOS = 100_000_000;

    /** The most buffers that a thread keeps: one to read into, one to write from. */
    private static final int SPARE = 2;

    private final BooleanSupplier mayRest;
    private final Selector selector;
    private final Thread thread = Threads.daemon("thrum-rest", this);

    /** The sockets to register. */
    private final Queue<PolledSocket> arriving = new ConcurrentLinkedQueue<>();

    /** Whether it sleeps, or is about to: whoever clears this wakes it. */
    private final AtomicBoolean asleep = new AtomicBoolean();

    /** The buffers that each worker keeps, which the connections that it serves use one after another. */
    private final ThreadLocal<Queue<byte[]>> spare = ThreadLocal.withInitial(ArrayDeque::new);

    // Set by the closing thread.
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param mayRest whether a connection whose socket still blocks should rest now
     */
    RestPoller(BooleanSupplier mayRest) {
        this.mayRest = mayRest;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("expected a selector for connections that rest but could not open one", e);
        }
        thread.start();
    }

    /** Whether a connection whose socket still blocks should rest now. */
    boolean mayRest() {
        return mayRest.getAsBoolean();
    }

    /** Lends a buffer of the calling worker. */
    byte[] borrow() {
        byte[] kept = spare.get().poll();
        return kept == null ? new byte[Wire.BORROWED] : kept;
    }

    /** Takes a buffer back, perhaps on another thread. */
    void giveBack(byte[] buffer) {
        Queue<byte[]> kept = spare.get();
        if (kept.size() < SPARE) {
            kept.add(buffer);
        }
    }

    /** Registers a socket, which then asks for what it waits for. */
    void add(PolledSocket socket) {
        arriving.add(socket);
        changed();
    }

    /** The number of sockets that are registered, for tests. */
    int registered() {
        return selector.keys().size();
    }

    /** What a socket is watched for has changed, or its key was cancelled. */
    void changed() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                turn();
            } catch (ClosedSelectorException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                // Out of memory, for example: the thread must survive that.
                report(e);
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    private void turn() throws IOException {
        asleep.set(true);
        if (arriving.isEmpty() && !closed) {
            selector.select(RestPoller::ready);
        } else {
            selector.selectNow(RestPoller::ready);
        }
        asleep.set(false);
        for (PolledSocket socket = arriving.poll(); socket != null; socket = arriving.poll()) {
            socket.register(selector);
        }
    }

    private static void ready(SelectionKey key) {
        ((PolledSocket) key.attachment()).ready(key);
    }

    private static void report(Throwable failure) {
        try {
            LOG.log(Level.ERROR, "connections that rest could not be watched", failure);
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    /** Ends the thread; called when no conversation runs any more. */
    void close() {
        closed = true;
        selector.wakeup();
        Threads.joinUninterruptibly(thread);
        try {
            selector.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a selector could not be closed", e);
        }
        for (PolledSocket socket = arriving.poll(); socket != null; socket = arriving.poll()) {
            socket.wake();
        }
    }
}
