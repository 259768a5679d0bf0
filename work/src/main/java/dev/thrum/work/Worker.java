package dev.thrum.work;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One thread of a pool: takes tasks from the queue and runs them until the queue is closed and empty. */
final class Worker {

    /*
     * Interrupts
     *
     * current is null between two tasks, the task while one runs, and STOPPED from stop on. Each change is one atomic
     * step, so a task either begins before stop, and is interrupted, or is not begun at all. stop interrupts only a
     * worker that it found running a task; such a worker begins no other, so the interrupt can't reach the wrong task
     * even if it arrives late. Any other interrupt, by a task of itself or by another thread, is meant for no task of
     * ours: it is cleared before the next one begins, and one that arrives during take leads to another take.
     */

    private static final Task<?> STOPPED = new Task<>(() -> "never run", Task.Failures.HANDED_OVER);
    private static final System.Logger LOG = System.getLogger(WorkerPool.class.getName());

    private final WorkQueue<Task<?>> queue;
    private final Consumer<Task<?>> tooLate;
    private final Thread thread;
    private final AtomicReference<@Nullable Task<?>> current = new AtomicReference<>();

    /**
     * Creates a worker whose thread is not started.
     *
     * @param tooLate receives a task that was taken but may not begin any more
     */
    Worker(WorkQueue<Task<?>> queue, ThreadFactory threads, WorkerPool.Place place, Consumer<Task<?>> tooLate) {
        this.queue = queue;
        this.tooLate = tooLate;
        this.thread = threads.newThread(() -> place.run(this::workUntilClosed));
    }

    Thread thread() {
        return thread;
    }

    /** Prevents further tasks. Returns the thread, to be interrupted, if a task is running; only once. */
    Optional<Thread> stop() {
        Task<?> running = current.getAndSet(STOPPED);
        return running == null || running == STOPPED ? Optional.empty() : Optional.of(thread);
    }

    private void workUntilClosed() {
        while (true) {
            Task<?> task;
            try {
                task = queue.take();
            } catch (InterruptedException strayInterrupt) {
                continue;
            } catch (QueueClosedException finished) {
                return;
            }
            perform(task);
        }
    }

    private void perform(Task<?> task) {
        Thread.interrupted();
        try {
            if (current.compareAndSet(null, task)) {
                task.run();
            } else {
                tooLate.accept(task);
            }
        } catch (Throwable unexpected) {
            survive(unexpected);
        } finally {
            current.compareAndSet(task, null);
            queue.taskDone();
        }
    }

    /**
     * Logs a failure outside of the task itself, such as lack of memory or stack; failures of the task are in its
     * future.
     */
    private static void survive(Throwable unexpected) {
        try {
            LOG.log(System.Logger.Level.ERROR, "A worker had trouble around a task and goes on", unexpected);
        } catch (Throwable broken) {
            unexpected.addSuppressed(broken);
        }
    }
}
