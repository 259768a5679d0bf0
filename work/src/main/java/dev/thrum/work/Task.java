package dev.thrum.work;

import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A callable that runs at most once, and the future of its result. */
public final class Task<R extends @Nullable Object> {

    /** Where failures are reported. */
    enum Failures {
        /** The log and the future, because the future may never be read. */
        LOGGED,
        /** Only the future, because the pool itself passes the failure on to the caller. */
        HANDED_OVER
    }

    private static final System.Logger LOG = System.getLogger(WorkerPool.class.getName());

    private final Callable<R> work;
    private final Failures failures;
    private final CompletableFuture<R> future = new CompletableFuture<>();

    /** Only the thread that sets it to true may run or withdraw the task. */
    private final AtomicBoolean claimed = new AtomicBoolean();

    Task(Callable<R> work, Failures failures) {
        this.work = Objects.requireNonNull(work, "work");
        this.failures = failures;
    }

    CompletableFuture<R> future() {
        return future;
    }

    /** Whether the task has begun or was withdrawn. */
    boolean isClaimed() {
        return claimed.get();
    }

    /** Withdraws the task so that it will not run; returns false if it has begun. Its future stays open. */
    boolean withdraw() {
        return claim();
    }

    /** Cancels the future of a withdrawn task, with the reason why it isn't run. */
    void giveUp(String reason) {
        future.completeExceptionally(new CancellationException(reason));
    }

    /**
     * Runs the task unless it was run or withdrawn, or its future cancelled; never throws the exceptions of the work.
     */
    void run() {
        if (!claim() || future.isDone()) {
            return;
        }
        R value;
        try {
            value = work.call();
        } catch (Throwable failure) {
            fail(failure);
            return;
        }
        future.complete(value);
    }

    private boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Logs before it completes the future, so that a caller that has seen the failure finds it in the log. */
    private void fail(Throwable failure) {
        boolean logged = failures == Failures.LOGGED;
        if (logged) {
            log(failure);
        }
        boolean delivered = future.completeExceptionally(failure);
        if (!delivered && !logged) {
            log(failure);
        }
    }

    /** A logger that throws must neither keep the future open nor hide the failure. */
    private static void log(Throwable failure) {
        try {
            Level level = failure instanceof Error ? Level.ERROR : Level.WARNING;
            LOG.log(level, "A task on " + Thread.currentThread().getName() + " failed", failure);
        } catch (Throwable broken) {
            if (!broken.equals(failure)) {
                failure.addSuppressed(broken);
            }
        }
    }
}
