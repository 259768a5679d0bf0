package dev.thrum.work;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of {@link WorkerPool#map}: submits elements as the queue has room, and collects results in order. */
final class OrderedMap<A extends @Nullable Object, R extends @Nullable Object> {

    /*
     * Which failure is thrown
     *
     * Elements are submitted in order, and the results are checked in order. When an element fails, those before it
     * have been submitted already and are checked first; those after it can't change the result. So the first failure
     * found in order is the one that a sequential loop would have found, whatever the timing. The flag only ends the
     * submission early.
     */

    private static final int NONE = Integer.MAX_VALUE;

    private final WorkerPool pool;
    private final Function<? super A, ? extends R> function;

    /** Submitted and not yet collected, oldest first. Owned by the calling thread. */
    private final Deque<Task<R>> inFlight = new ArrayDeque<>();

    /** Owned by the calling thread. */
    private final List<R> results = new ArrayList<>();

    /** The first element in order that has failed so far. */
    private final AtomicInteger firstFailed = new AtomicInteger(NONE);

    /** The number of elements submitted. Owned by the calling thread. */
    private int handedOut;

    OrderedMap(WorkerPool pool, Function<? super A, ? extends R> function) {
        this.pool = pool;
        this.function = function;
    }

    List<R> run(Iterable<? extends A> elements) throws InterruptedException {
        try {
            for (A element : elements) {
                if (firstFailed.get() != NONE) {
                    break;
                }
                handOut(element);
                gatherWhatIsDone();
            }
            while (!inFlight.isEmpty()) {
                gatherOldest();
            }
            return Collections.unmodifiableList(results);
        } catch (InterruptedException interrupted) {
            inFlight.forEach(Task::withdraw);
            throw interrupted;
        } catch (RuntimeException | Error failure) {
            settle(failure);
            throw failure;
        }
    }

    private void handOut(A element) throws InterruptedException {
        int index = handedOut++;
        Task<R> task = new Task<>(() -> call(index, element), Task.Failures.HANDED_OVER);
        pool.enqueue(task);
        inFlight.add(task);
    }

    private R call(int index, A element) {
        if (index > firstFailed.get()) {
            throw new CancellationException("an element before this one failed");
        }
        boolean returned = false;
        try {
            R result = function.apply(element);
            returned = true;
            return result;
        } finally {
            if (!returned) {
                firstFailed.accumulateAndGet(index, Math::min);
            }
        }
    }

    private void gatherWhatIsDone() throws InterruptedException {
        for (Task<R> oldest = inFlight.peek(); oldest != null && oldest.future().isDone(); oldest = inFlight.peek()) {
            gatherOldest();
        }
    }

    private void gatherOldest() throws InterruptedException {
        Task<R> oldest = inFlight.element();
        pool.help(oldest);
        Throwable failure = awaitFailure(oldest);
        inFlight.remove();
        if (failure != null) {
            throw new CompletionException(
                    "expected a result for each element but element %d, counted from 0, failed: %s"
                            .formatted(results.size(), failure),
                    failure);
        }
        results.add(oldest.future().resultNow());
    }

    /** Waits until the task has ended; returns its exception, without the wrapper of {@code get}. */
    private static @Nullable Throwable awaitFailure(Task<?> task) throws InterruptedException {
        try {
            return task.future()
                    .<@Nullable Throwable>handle((_, failure) -> failure)
                    .get();
        } catch (ExecutionException impossible) {
            throw new AssertionError("expected handle not to fail", impossible);
        }
    }

    /**
     * Waits until no task runs any more. Later failures are added to the first one as suppressed, except the
     * cancellations by a shutdown, which add no information and may be many.
     */
    private void settle(Throwable first) {
        inFlight.removeIf(Task::withdraw);
        try {
            for (Task<R> running : inFlight) {
                Throwable second = awaitFailure(running);
                if (second != null && !second.equals(first) && !(second instanceof CancellationException)) {
                    first.addSuppressed(second);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
