package dev.thrum.database;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that looks at every open call twenty times a second and fails those that are late.
 *
 * <p>A timer of its own for each call would cost more than the call's way through the queue. It is no thread of the
 * database: when those hang, this one still answers.
 */
final class DeadlineWatch implements AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Handed over by any thread; as many as were accepted since the last look. */
    private final ConcurrentLinkedQueue<Call<?>> arrived = new ConcurrentLinkedQueue<>();

    /** The thread's own. */
    private final List<Call<?>> open = new ArrayList<>();

    private final Runnable everyTime;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts it.
     *
     * @param everyTime what else is done at each look; brief, and throws nothing
     */
    DeadlineWatch(String name, Runnable everyTime) {
        this.everyTime = everyTime;
        thread = Thread.ofPlatform().daemon().name(name).start(this::watch);
    }

    void add(Call<?> call) {
        arrived.add(call);
        if (closed) {
            // The last look may be over. Otherwise that sees it.
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

    /** Fails what is still open: whoever should have answered hangs. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
