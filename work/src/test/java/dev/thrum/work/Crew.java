package dev.thrum.work;

import dev.thrum.base.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of one test: every wait for them is bounded, an exception in one of them fails the test, and none is left
 * running.
 */
final class Crew implements AutoCloseable {

    /** Long enough for a busy machine; a test that waits this long has failed. */
    static final Duration LIMIT = Duration.ofSeconds(soak() ? 300 : 20);

    enum Kind {
        PLATFORM,
        VIRTUAL;

        WorkerPool pool(String name, int workers, int capacity) {
            return this == PLATFORM
                    ? WorkerPool.platform(name, workers, capacity)
                    : WorkerPool.virtual(name, workers, capacity);
        }
    }

    interface Work {
        void run() throws Exception;
    }

    private final Kind kind;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    Crew(Kind kind) {
        this.kind = kind;
    }

    Thread start(String name, Work work) {
        Thread.Builder builder = kind == Kind.PLATFORM ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
        Thread thread = builder.name(name).start(() -> {
            try {
                work.run();
            } catch (Throwable failure) {
                failures.add(failure);
            }
        });
        threads.add(thread);
        return thread;
    }

    /** Starts a thread and returns when it is waiting. */
    Thread startBlocked(String name, Work work) {
        Thread thread = start(name, work);
        awaitBlocked(thread);
        return thread;
    }

    static void awaitBlocked(Thread thread) {
        Deadline deadline = Deadline.in(LIMIT);
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            if (!thread.isAlive() || deadline.nanosLeft() == 0) {
                throw new AssertionError("expected " + thread.getName() + " to wait but it is " + thread.getState());
            }
            LockSupport.parkNanos(20_000);
        }
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "expected the latch to open within " + LIMIT + " but " + latch.getCount() + " left");
        }
    }

    static void awaitEnd(Thread thread) throws InterruptedException {
        if (!thread.join(LIMIT)) {
            AssertionError hung = new AssertionError("expected " + thread.getName() + " to end within " + LIMIT);
            hung.setStackTrace(thread.getStackTrace());
            throw hung;
        }
    }

    /** Waits for every thread to end, and throws what any of them threw. */
    void awaitAll() throws Exception {
        Deadline deadline = Deadline.in(LIMIT);
        for (Thread thread : threads) {
            if (!thread.join(deadline.left())) {
                AssertionError hung = new AssertionError("expected " + thread.getName() + " to end within " + LIMIT);
                hung.setStackTrace(thread.getStackTrace());
                failures.forEach(hung::addSuppressed);
                throw hung;
            }
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(
                    "expected every thread to end without an exception but " + failures, failures.peek());
        }
    }

    /** Interrupts the threads that a failed test left running. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    /** The number of repetitions: 20 times as many with {@code -Dthrum.soak=true}. */
    static int rounds(int brief) {
        return soak() ? brief * 20 : brief;
    }

    private static boolean soak() {
        return Boolean.getBoolean("thrum.soak");
    }
}
