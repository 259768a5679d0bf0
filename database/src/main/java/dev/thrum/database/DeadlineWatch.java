package dev.thrum.database;

import dev.thrum.base.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that checks every open call 20 times a second and fails those that are late.
 *
 * <p>A timer for each call would cost more than queuing the call. This is not a thread of an executor, so it still
 * works while those hang.
 */
final class DeadlineWatch implements AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Added by any thread; bounded by the calls accepted since the last check. */
    private final ConcurrentLinkedQueue<Call<?>> arrived = new ConcurrentLinkedQueue<>();

    /** Owned by the thread of the watch. */
    private final List<Call<?>> open = new ArrayList<>();

    private final Runnable everyTime;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param everyTime another task for each check; must be brief and must not throw
     */
    DeadlineWatch(String name, Runnable everyTime) {
        this.everyTime = everyTime;
        thread = Threads.daemon(name, this::watch);
        thread.start();
    }

    void add(Call<?> call) {
        arrived.add(call);
        if (closed) {
            // The last check may be over. Otherwise it sees the call.
            call.abandon();
        }
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(this, TICK_NANOS);
            welcome();
            everyTime.run();
            open.forEach(Call::expireIfLate);
            open.removeIf(Call::isGone);
        }
        welcome();
        open.forEach(Call::abandon);
    }

    private void welcome() {
        for (Call<?> call = arrived.poll(); call != null; call = arrived.poll()) {
            open.add(call);
        }
    }

    /** Fails the calls that are still open: the threads that should complete them hang. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
