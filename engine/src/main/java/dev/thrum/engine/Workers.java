package dev.thrum.engine;

import dev.thrum.base.Threads;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The worker threads of engine {@code threads}, and the line of conversations that wait for one, first come first served.
 * New conversations are refused when too many are in the line; those that have rested never are, so there are at most as
 * many as connections.
 */
final class Workers {
    private final ThreadPoolExecutor pool;
    private final int workers;
    private final int waiting;

    /** The conversations that run, and the new ones in the line. */
    private final AtomicInteger places = new AtomicInteger();

    /** The conversations that run. */
    private final AtomicInteger running = new AtomicInteger();

    /**
     * Creates the threads.
     *
     * @param waiting the maximum number of new conversations in the line
     */
    Workers(int workers, int waiting) {
        if (workers < 1 || waiting < 0) {
            throw new IllegalArgumentException("expected at least 1 worker and a waiting line of at least 0 but they"
                    + " were " + workers + " and " + waiting);
        }
        this.workers = workers;
        this.waiting = waiting;
        this.pool = new ThreadPoolExecutor(
                workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.daemons("worker-"));
    }

    /** Runs a new conversation. */
    void start(Runnable conversation) {
        if (places.incrementAndGet() > (long) workers + waiting) {
            places.decrementAndGet();
            throw new RejectedExecutionException("all workers are busy and the waiting line is full");
        }
        boolean done = false;
        try {
            pool.execute(new Task(conversation, true));
            done = true;
        } finally {
            if (!done) {
                places.decrementAndGet();
            }
        }
    }

    /** Runs a conversation that has rested. */
    void resume(Runnable conversation) {
        Task task = new Task(conversation, false);
        try {
            pool.execute(task);
        } catch (OutOfMemoryError e) {
            // No further thread could be started, but those that exist take it.
            if (pool.getPoolSize() == 0 || !pool.getQueue().offer(task)) {
                throw e;
            }
        }
    }

    /** Takes a new conversation out of the line, if it is still there. */
    void withdraw(Runnable conversation) {
        if (pool.remove(new Task(conversation, true))) {
            places.decrementAndGet();
        }
    }

    /**
     * The number of conversations in the line for which no worker is free; one that an idle worker is about to take does
     * not count.
     */
    int waiting() {
        int inLine = pool.getQueue().size();
        return inLine == 0 ? 0 : Math.max(0, inLine - Math.max(0, workers - running.get()));
    }

    /** Whether half of the workers or more are taken. */
    boolean areHalfTaken() {
        return 2 * running.get() >= workers;
    }

    /** Interrupts the workers. Conversations that have rested and wait for one still end, each on a thread of its own. */
    void close() {
        for (Runnable left : pool.shutdownNow()) {
            if (left instanceof Task task && !task.isNew) {
                Thread.startVirtualThread(task.conversation);
            }
        }
    }

    private final class Task implements Runnable {
        private final Runnable conversation;
        private final boolean isNew;

        Task(Runnable conversation, boolean isNew) {
            this.conversation = conversation;
            this.isNew = isNew;
        }

        @Override
        public void run() {
            running.incrementAndGet();
            if (!isNew) {
                places.incrementAndGet();
            }
            try {
                conversation.run();
            } finally {
                places.decrementAndGet();
                running.decrementAndGet();
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Task task && task.conversation.equals(conversation) && task.isNew == isNew;
        }

        @Override
        public int hashCode() {
            return Objects.hash(conversation, isNew);
        }
    }
}
