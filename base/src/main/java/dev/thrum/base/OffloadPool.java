package dev.thrum.base;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for code that would block the carrier threads of virtual threads: a small pool
 * {@code offload-files-N}, {@code offload-names-N} and {@code offload-compute-N} for each kind of task. For engines;
 * programs use {@code Engine.offload}. Safe for concurrent use.
 *
 * <p>At most {@link #MOST_WAITING} tasks of each kind wait for a thread.
 */
public final class OffloadPool implements AutoCloseable {
    /** The maximum number of tasks of one kind that wait for a thread. */
    public static final int MOST_WAITING = 16_384;

    private static final int FILE_THREADS = 16;
    private static final int NAME_THREADS = 8;
    private static final long KEPT_SECONDS = 10;

    private final ThreadPoolExecutor files;
    private final ThreadPoolExecutor names;
    private final ThreadPoolExecutor compute;

    /** Thrown when the maximum number of tasks of a kind wait already. */
    public static final class FullException extends RejectedExecutionException {
        private static final long serialVersionUID = 1L;

        public FullException(String message) {
            super(message);
        }
    }

    public OffloadPool() {
        this(FILE_THREADS, NAME_THREADS, Runtime.getRuntime().availableProcessors(), MOST_WAITING);
    }

    /** Creates pools with these numbers of threads and of waiting tasks for each kind. */
    OffloadPool(int fileThreads, int nameThreads, int computeThreads, int mostWaiting) {
        files = pool("files", fileThreads, mostWaiting);
        names = pool("names", nameThreads, mostWaiting);
        compute = pool("compute", computeThreads, mostWaiting);
    }

    private static ThreadPoolExecutor pool(String kind, int threads, int mostWaiting) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                KEPT_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(mostWaiting),
                Threads.daemons("offload-" + kind + "-"),
                (_, refusing) -> {
                    throw refusing.isShutdown() ? closed() : full(kind, threads, mostWaiting);
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static RejectedExecutionException closed() {
        return new RejectedExecutionException("expected an open engine but it was closed: offload before that");
    }

    private static FullException full(String kind, int threads, int mostWaiting) {
        return new FullException("expected at most " + mostWaiting + " tasks to wait for a thread offload-" + kind
                + "-1 to " + threads + " but there is one more: refuse work earlier, with fewer connections or a"
                + " limit of your own");
    }

    /**
     * Runs a task and waits for its result; a platform thread runs it itself, because that blocks no other thread. An
     * interrupt of the caller interrupts the task.
     *
     * @throws FullException if {@link #MOST_WAITING} tasks of this kind wait already
     * @throws RejectedExecutionException if this was closed
     * @throws Exception what the task throws
     */
    public <T> T call(Offload kind, Callable<T> task) throws Exception {
        if (!Thread.currentThread().isVirtual()) {
            return task.call();
        }
        Future<T> result = pool(kind).submit(restoring(task));
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw cause(e);
        } finally {
            // If the wait was interrupted, the result is not needed.
            result.cancel(true);
        }
    }

    /**
     * Begins a task, whatever thread calls this, and returns at once.
     *
     * @return its result; fails with a {@link RejectedExecutionException} if this is closed before the task begins
     * @throws FullException if {@link #MOST_WAITING} tasks of this kind wait already
     * @throws RejectedExecutionException if this was closed
     */
    public <T> CompletableFuture<T> begin(Offload kind, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        pool(kind).execute(new FutureTask<T>(restoring(task)) {
            @Override
            protected void done() {
                switch (state()) {
                    case SUCCESS -> result.complete(resultNow());
                    case FAILED -> result.completeExceptionally(exceptionNow());
                    case CANCELLED, RUNNING -> result.completeExceptionally(closed());
                }
            }
        });
        return result;
    }

    /** The task, after which its thread is as it was before. */
    private static <T> Callable<T> restoring(Callable<T> task) {
        return () -> {
            ThreadTraits before = ThreadTraits.ofCurrent();
            try {
                return task.call();
            } finally {
                before.restore();
            }
        };
    }

    private ThreadPoolExecutor pool(Offload kind) {
        return switch (kind) {
            case FILES -> files;
            case NAMES -> names;
            case COMPUTE -> compute;
        };
    }

    private static Exception cause(ExecutionException e) {
        return switch (e.getCause()) {
            case Exception cause -> cause;
            case Error error -> throw error;
            case null, default -> e;
        };
    }

    /** Interrupts the tasks that run and cancels those that wait; their callers get an exception. Idempotent. */
    @Override
    public void close() {
        for (ThreadPoolExecutor pool : List.of(files, names, compute)) {
            // Tasks that have not begun never will; the threads that wait for them must be notified.
            pool.shutdownNow().forEach(task -> ((Future<?>) task).cancel(true));
        }
    }
}
