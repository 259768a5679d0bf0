package dev.thrum.base;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The system's clock; one daemon thread runs its timers, from the first one on. Engines that run in real time have
 * one each, whose timers end with the engine; all other code uses {@link Clock#system}.
 */
public final class SystemClock implements Clock, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.base");

    /** The clock of code that runs on no engine; never closed. */
    static final SystemClock SHARED = new SystemClock("system");

    private final ScheduledThreadPoolExecutor timers;

    /** Creates the clock of the engine of this name; the engine must close it. */
    public SystemClock(String engine) {
        timers = new ScheduledThreadPoolExecutor(1, task -> Threads.daemon("thrum-timer-" + engine, task));
        timers.setRemoveOnCancelPolicy(true);
        // A timer set after the engine was closed never fires.
        timers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Future<?> future = timers.schedule(guarded(task), Clock.nanos(delay), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // The caller checks its condition in a loop.
    public long awaitNanos(Condition condition, long nanos) throws InterruptedException {
        return condition.awaitNanos(nanos);
    }

    @Override
    public boolean tryLock(Lock lock, long nanos) throws InterruptedException {
        return lock.tryLock(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean join(Thread thread, long nanos) throws InterruptedException {
        return thread.join(Duration.ofNanos(nanos));
    }

    /** Logs the exceptions of a task, which an executor would swallow. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "a timer task failed", e);
            }
        };
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
