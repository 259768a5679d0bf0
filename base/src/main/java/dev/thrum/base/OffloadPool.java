package dev.thrum.base;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for what would keep the threads that carry virtual ones: file I/O, name look-ups, native code, long
 * computations. For engines; programs use {@code Engine.offload}.
 *
 * <p>Its queue is bounded by the number of virtual threads, since each waits for its task.
 */
public final class OffloadPool {
    private static final int THREADS = 16;
    private static final long KEPT_SECONDS = 10;

    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("offload-", 1).factory());

    public OffloadPool() {
        pool.allowCoreThreadTimeOut(true);
    }

    /** Runs a task and waits for its result; a platform thread runs it by itself, for that keeps nobody else. */
    public <T> T call(Callable<T> task) throws Exception {
        if (!Thread.currentThread().isVirtual()) {
            return task.call();
        }
        Future<T> result = pool.submit(() -> {
            ThreadTraits before = ThreadTraits.ofCurrent();
            try {
                return task.call();
            } finally {
                before.restore();
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw cause(e);
        } finally {
            // If the wait was interrupted nobody wants the result.
            result.cancel(true);
        }
    }

    private static Exception cause(ExecutionException e) {
        return switch (e.getCause()) {
            case Exception cause -> cause;
            case Error error -> throw error;
            case null, default -> e;
        };
    }

    /** Ends it: who waits for a task is told. */
    public void close() {
        // What has not begun never will; who waits for it must be told.
        pool.shutdownNow().forEach(task -> ((Future<?>) task).cancel(true));
    }
}
