package dev.thrum.work;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One call of {@link WorkerPool#asCompleted}: keeps the pool busy and returns results in the order of completion. */
final class Completions<R extends @Nullable Object> implements Iterator<TaskResult<R>> {

    /*
     * Why it never stalls
     *
     * Each task handed in yields one result: it runs and its future completes, or the pool's shutdown completes the
     * future for it, or the pool refuses it at once. next waits only when a task is in flight. When none is, because
     * others fill the queue, it waits for room instead, which workers make. Workers never wait here: there are at
     * most `window` tasks in flight, and the queue of results has room for as many.
     */

    private record Completed<R extends @Nullable Object>(Task<R> task, TaskResult<R> result) {}

    private final WorkerPool pool;
    private final Iterator<? extends Callable<R>> tasks;
    private final int window;
    private final BlockingQueue<Completed<R>> completed;

    // The following fields are owned by the one thread that iterates.
    private final Set<Task<R>> inFlight = new LinkedHashSet<>();

    /** Created and not yet in flight; kept here so that an interrupt while it is submitted doesn't lose it. */
    private @Nullable Task<R> waitingForRoom;

    private int created;
    private boolean iterated;

    Completions(WorkerPool pool, Iterator<? extends Callable<R>> tasks, int window) {
        this.pool = pool;
        this.tasks = tasks;
        this.window = window;
        this.completed = new LinkedBlockingQueue<>(window);
    }

    /** Returns this iterator to the first caller. */
    Iterator<TaskResult<R>> iterateOnce() {
        if (iterated) {
            throw new IllegalStateException("expected one iteration but this is the second, and each result is returned"
                    + " only once: keep the results in a list, or call asCompleted again");
        }
        iterated = true;
        return this;
    }

    @Override
    public boolean hasNext() {
        return !inFlight.isEmpty() || waitingForRoom != null || tasks.hasNext();
    }

    @Override
    public TaskResult<R> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("expected hasNext before next, but every result has been returned");
        }
        try {
            fill();
            if (inFlight.isEmpty()) {
                submitWaiting();
            }
            Completed<R> next = takeCompleted();
            inFlight.remove(next.task);
            return next.result;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw cancelled(interrupted);
        }
    }

    /**
     * Withdrawn tasks still get their result, so that a caller that continues after the interrupt doesn't wait for
     * them.
     */
    private CancellationException cancelled(InterruptedException interrupted) {
        inFlight.stream()
                .filter(Task::withdraw)
                .forEach(task -> task.giveUp("the iteration was interrupted before this task was started"));
        CancellationException cancelled = new CancellationException(
                "expected to wait for a result but the thread was interrupted; tasks not started won't be run");
        cancelled.initCause(interrupted);
        return cancelled;
    }

    /**
     * Submits as many tasks as the queue has room for, so that workers are busy while the caller processes an
     * result.
     */
    void fill() throws InterruptedException {
        while (inFlight.size() < window && (waitingForRoom != null || tasks.hasNext())) {
            Task<R> task = nextTask();
            if (!submit(task, false)) {
                return;
            }
        }
    }

    private void submitWaiting() throws InterruptedException {
        submit(nextTask(), true);
    }

    private Task<R> nextTask() {
        if (waitingForRoom == null) {
            waitingForRoom = create(created++, tasks.next());
        }
        return waitingForRoom;
    }

    private Task<R> create(int index, Callable<R> work) {
        Task<R> task = new Task<>(work, Task.Failures.HANDED_OVER);
        var _ = task.future()
                .whenComplete((value, failure) -> completed.add(new Completed<>(
                        task,
                        failure == null
                                ? new TaskResult.Success<>(index, value)
                                : new TaskResult.Failure<>(index, failure))));
        return task;
    }

    private boolean submit(Task<R> task, boolean wait) throws InterruptedException {
        try {
            if (wait) {
                pool.enqueue(task);
            } else if (!pool.tryEnqueue(task)) {
                return false;
            }
        } catch (RejectedExecutionException closed) {
            task.future().completeExceptionally(closed);
        }
        waitingForRoom = null;
        inFlight.add(task);
        return true;
    }

    /**
     * A worker of the same pool runs its own tasks instead of waiting for other workers, which may be waiting for
     * theirs.
     */
    private Completed<R> takeCompleted() throws InterruptedException {
        if (completed.isEmpty()) {
            Optional<Task<R>> notBegun =
                    inFlight.stream().filter(task -> !task.isClaimed()).findFirst();
            if (notBegun.isPresent()) {
                pool.help(notBegun.get());
            }
        }
        return completed.take();
    }
}
