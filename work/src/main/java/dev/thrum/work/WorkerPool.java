package dev.thrum.work;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import dev.thrum.base.Threads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of named daemon threads that run tasks from a bounded queue.
 *
 * <p><b>Failures.</b> Anything that a task throws, including an {@link Error}, ends only that task; its worker
 * continues. A failed task of {@link #submit} completes its future exceptionally and is logged once, because the
 * future may never be read. The failures of {@link #map} and {@link #asCompleted} reach the caller and are not
 * logged.
 *
 * <p><b>Full queue.</b> A caller outside the pool waits for room. A task that submits tasks to its own pool never
 * waits: if all workers waited for room, none would make any. With a full queue the new task runs in the submitting
 * thread, before the call returns. Rejecting it would make correct programs fail only under load. Such tasks can nest
 * 256 deep; beyond that they are rejected. {@code map} and {@code asCompleted} inside a task also run their own
 * waiting tasks instead of waiting for workers that may all be waiting themselves. A task that waits for a future of
 * {@code submit} on its own pool gets no such help and can wait for ever, and so can two pools that submit tasks to
 * each other: let work flow in one direction.
 *
 * <p><b>End.</b> {@link #shutdown} first lets all tasks finish, {@link #close} stops at once. Both leave no future
 * incomplete unless a running task ignores its interrupt.
 */
public final class WorkerPool implements AutoCloseable {

    /** The result of a shutdown: the tasks that were given up because the time was over. */
    public record Drain(List<CompletableFuture<?>> notRun, List<String> interrupted) {

        /**
         * Creates a report.
         *
         * @param notRun the futures of the tasks that were never started, all failed with a
         *     {@link java.util.concurrent.CancellationException}
         * @param interrupted the names of the threads that were interrupted in the middle of a task
         */
        public Drain {
            notRun = List.copyOf(notRun);
            interrupted = List.copyOf(interrupted);
        }

        /** Whether every task ran to its end. */
        public boolean isComplete() {
            return notRun.isEmpty() && interrupted.isEmpty();
        }
    }

    /** The position of a thread: in a task of this pool, at this depth of nested tasks. */
    record Place(WorkerPool pool, int depth) {
        private static final ScopedValue<Place> CURRENT = ScopedValue.newInstance();

        void run(Runnable work) {
            ScopedValue.where(CURRENT, this).run(work);
        }
    }

    /** The states of a pool; it only moves down this list, and may skip states. */
    private enum State {
        /** Accepts tasks and runs them. */
        RUNNING,
        /** Accepts no more tasks, runs the queued ones. */
        DRAINING,
        /** Begins no more tasks; running ones have been interrupted. */
        STOPPING,
        /** Every worker's thread has ended. */
        TERMINATED
    }

    private static final System.Logger LOG = System.getLogger(WorkerPool.class.getName());

    /** The time that an interrupted task gets to end before it is reported as hung. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Deep enough for recursion over directories or pages, shallow enough for the stack. */
    private static final int DEEPEST_NESTING = 256;

    private final String name;
    private final Clock clock;
    private final WorkQueue<Task<?>> queue;
    private final List<Worker> workers = new ArrayList<>();

    /** May be held while the queue's lock is taken, never the other way round; no callback runs under it. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private State state = State.RUNNING;

    @GuardedBy("lock")
    private final List<CompletableFuture<?>> notRun = new ArrayList<>();

    @GuardedBy("lock")
    private final List<String> interrupted = new ArrayList<>();

    private WorkerPool(String name, int size, int capacity, Clock clock, ThreadFactory threads) {
        this.name = name;
        this.clock = clock;
        this.queue = new WorkQueue<>(capacity, clock);
        Place inside = new Place(this, 0);
        for (int i = 0; i < size; i++) {
            workers.add(new Worker(queue, threads, inside, this::notBegun));
        }
    }

    /**
     * Starts a pool of platform threads called {@code name-1}, {@code name-2} and so on: for work that computes, and
     * for code that must not run in virtual threads. Waits are timed by the system's clock. In code that a simulation
     * has loaded the threads are the simulation's.
     *
     * @param workers the number of threads; at least 1
     * @param capacity the maximum number of queued tasks; at least 1
     */
    public static WorkerPool platform(String name, int workers, int capacity) {
        return start(name, workers, capacity, Clock.system(), Threads.daemons(name + "-"));
    }

    /**
     * Starts a pool of virtual threads called {@code name-1}, {@code name-2} and so on: for tasks that mostly wait.
     * The threads are kept, not started for each task; their number limits the tasks that run at a time. Waits are
     * timed by the system's clock.
     *
     * <p>Virtual threads run on the scheduler of the thread that starts them: create the pool outside of connection
     * handlers, or it shares the event loop of one connection.
     *
     * @param workers the number of threads; at least 1
     * @param capacity the maximum number of queued tasks; at least 1
     */
    public static WorkerPool virtual(String name, int workers, int capacity) {
        return virtual(name, workers, capacity, Clock.system());
    }

    /**
     * Starts a pool of virtual threads like {@link #virtual(String, int, int)}, whose waits are timed by this clock,
     * such as that of a simulation.
     */
    public static WorkerPool virtual(String name, int workers, int capacity, Clock clock) {
        return start(
                name,
                workers,
                capacity,
                clock,
                Thread.ofVirtual().name(name + "-", 1).factory());
    }

    private static WorkerPool start(String name, int size, int capacity, Clock clock, ThreadFactory threads) {
        if (size < 1) {
            throw new IllegalArgumentException("expected at least 1 worker but was " + size);
        }
        WorkerPool pool = new WorkerPool(name, size, capacity, Objects.requireNonNull(clock, "clock"), threads);
        boolean started = false;
        try {
            pool.workers.forEach(worker -> worker.thread().start());
            started = true;
        } finally {
            if (!started) {
                pool.queue.close();
            }
        }
        return pool;
    }

    /**
     * Submits a task; a caller outside the pool waits for room in the queue.
     *
     * <p>Cancelling the future before its task starts prevents the task from running. Cancelling later doesn't stop
     * the task, it only discards the result.
     *
     * @throws RejectedExecutionException if the pool was shut down, before or during the wait, or tasks nest too deep
     */
    @CanIgnoreReturnValue
    public <R extends @Nullable Object> CompletableFuture<R> submit(Callable<R> work) throws InterruptedException {
        Task<R> task = new Task<>(work, Task.Failures.LOGGED);
        enqueue(task);
        return task.future();
    }

    /**
     * Applies the function to each element and returns the results in the order of the elements.
     *
     * <p>The elements are read as the queue has room, so there may be many; all results are kept. When an element
     * fails, no more are started, and the call ends once the running ones have ended: nothing runs after it returns.
     * The failure that is thrown doesn't depend on timing: it is the one that a sequential loop would have found.
     *
     * @throws java.util.concurrent.CompletionException if an element failed; the cause is its exception, the
     *     exceptions of other elements are suppressed
     * @throws InterruptedException if the caller is interrupted; elements not started are not run, running ones
     *     continue
     * @throws RejectedExecutionException as {@link #submit} does
     */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            Iterable<? extends A> elements, Function<? super A, ? extends R> function) throws InterruptedException {
        return new OrderedMap<A, R>(this, Objects.requireNonNull(function, "function")).run(elements);
    }

    /**
     * Runs the tasks and returns their results in the order of completion: exactly one for each task.
     *
     * <p>Starts at once, and reads further tasks as results are fetched, at most as many ahead as the pool has
     * workers and room. So there may be many tasks, and an iteration that ends early leaves at most that many that
     * run without being read. It is for one iteration by one thread. If that thread is interrupted, {@code next} sets
     * its interrupt flag and throws a {@link java.util.concurrent.CancellationException}. A pool that is shut down
     * gives failures as results.
     *
     * @throws InterruptedException if the caller is interrupted
     */
    public <R extends @Nullable Object> Iterable<TaskResult<R>> asCompleted(Iterable<? extends Callable<R>> tasks)
            throws InterruptedException {
        int window = (int) Math.min(Integer.MAX_VALUE, (long) workers.size() + queue.capacity());
        Completions<R> completions = new Completions<>(this, tasks.iterator(), window);
        completions.fill();
        return completions::iterateOnce;
    }

    /**
     * Waits until every task submitted so far has ended, successfully or not; the pool stays usable.
     *
     * @throws IllegalStateException if called by a task of this pool, which would wait for itself
     */
    public void awaitCompletion() throws InterruptedException {
        requireOutside("awaitCompletion");
        queue.join();
    }

    /**
     * Waits, at most the given time, until every task submitted so far has ended, successfully or not.
     *
     * @return whether all have ended
     * @throws IllegalStateException if called by a task of this pool, which would wait for itself
     */
    @CheckReturnValue
    public boolean awaitCompletion(Duration patience) throws InterruptedException {
        requireOutside("awaitCompletion");
        return queue.join(patience);
    }

    /**
     * Accepts no more tasks and lets the others finish within the given time; then stops as {@link #close} does.
     *
     * @return the tasks that were given up; the same report if the pool has ended before
     * @throws InterruptedException if interrupted while it waits; the pool still finishes its tasks, unless closed
     * @throws IllegalStateException if called by a task of this pool, which would wait for itself
     */
    public Drain shutdown(Duration patience) throws InterruptedException {
        requireOutside("shutdown");
        beginDrain();
        if (!awaitWorkers(Deadline.in(patience, clock))) {
            stop();
            reportHung(awaitWorkers(Deadline.in(GRACE, clock)));
        }
        return report();
    }

    /**
     * Stops at once: tasks not started are not run, and their futures fail with a
     * {@link java.util.concurrent.CancellationException}; running tasks are interrupted and get one second to end.
     * Call {@link #shutdown} or {@link #awaitCompletion} before, to let tasks finish. Idempotent. A task may close
     * its own pool: close neither waits for it nor interrupts it.
     */
    @Override
    public void close() {
        beginDrain();
        stop();
        try {
            reportHung(awaitWorkers(Deadline.in(GRACE, clock)));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "WorkerPool[%s, %s, %d workers, %s]".formatted(name, state(), workers.size(), queue);
    }

    /** Submits a task, waiting for room; inside the pool, runs it here if there is none. */
    void enqueue(Task<?> task) throws InterruptedException {
        if (!isInside()) {
            try {
                queue.put(task);
            } catch (QueueClosedException closed) {
                throw rejected(closed);
            }
        } else if (!tryEnqueue(task)) {
            runHere(task);
        }
    }

    /** Submits a task if there is room at this moment. */
    @CheckReturnValue
    boolean tryEnqueue(Task<?> task) throws InterruptedException {
        try {
            return queue.offer(task, Duration.ZERO);
        } catch (QueueClosedException closed) {
            throw rejected(closed);
        }
    }

    /** Inside the pool, runs a task that has not begun, because the caller is about to wait for it. */
    void help(Task<?> task) {
        if (isInside() && !task.isClaimed()) {
            runHere(task);
        }
    }

    private void runHere(Task<?> task) {
        int depth = Place.CURRENT.get().depth() + 1;
        if (depth > DEEPEST_NESTING) {
            throw new RejectedExecutionException(
                    ("expected tasks of pool %s to nest at most %d deep but the queue of %d is full and they do: enlarge"
                                    + " the queue, or let tasks return their follow-up tasks instead of handing them in")
                            .formatted(name, DEEPEST_NESTING, queue.capacity()));
        }
        new Place(this, depth).run(task::run);
    }

    private boolean isInside() {
        return Place.CURRENT.isBound() && Place.CURRENT.get().pool() == this;
    }

    private void requireOutside(String method) {
        if (isInside()) {
            throw new IllegalStateException(
                    "expected %s to be called outside of pool %s but %s, one of its workers, called it and would wait for itself: call it from the thread that hands in the tasks"
                            .formatted(method, name, Thread.currentThread().getName()));
        }
    }

    private RejectedExecutionException rejected(QueueClosedException closed) {
        return new RejectedExecutionException(
                "expected pool %s to be RUNNING but it is %s: hand in tasks before shutdown or close"
                        .formatted(name, state()),
                closed);
    }

    private State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** The state changes before the queue closes, so that a rejection reports the new state. */
    private void beginDrain() {
        advance(State.DRAINING);
        queue.close();
    }

    private boolean advance(State next) {
        lock.lock();
        try {
            boolean forward = next.compareTo(state) > 0;
            if (forward) {
                state = next;
            }
            return forward;
        } finally {
            lock.unlock();
        }
    }

    /** Tasks that are given up are recorded in the same step as the state changes, so no report can miss them. */
    private void stop() {
        List<Task<?>> withdrawn;
        List<Thread> running;
        lock.lock();
        try {
            if (!advance(State.STOPPING)) {
                return;
            }
            withdrawn = new ArrayList<>();
            for (Task<?> task : queue.drain()) {
                if (giveUpStarting(task)) {
                    withdrawn.add(task);
                }
            }
            running = workers.stream()
                    .map(Worker::stop)
                    .flatMap(Optional::stream)
                    .filter(thread -> !thread.equals(Thread.currentThread()))
                    .toList();
            running.forEach(thread -> interrupted.add(thread.getName()));
        } finally {
            lock.unlock();
        }
        running.forEach(Thread::interrupt);
        withdrawn.forEach(this::failFuture);
    }

    /** Gives up a task that a worker had taken when the pool stopped. */
    private void notBegun(Task<?> task) {
        boolean withdrawn;
        lock.lock();
        try {
            withdrawn = giveUpStarting(task);
        } finally {
            lock.unlock();
        }
        if (withdrawn) {
            failFuture(task);
        }
    }

    /** Records a task that will not run, except one cancelled before by the caller. */
    @GuardedBy("lock")
    private boolean giveUpStarting(Task<?> task) {
        boolean withdrawn = task.withdraw();
        if (withdrawn && !task.future().isDone()) {
            notRun.add(task.future());
        }
        return withdrawn;
    }

    /** Not under the lock: a future's callbacks run here. */
    private void failFuture(Task<?> task) {
        task.giveUp("pool %s was shut down before this task was started".formatted(name));
    }

    private boolean awaitWorkers(Deadline deadline) throws InterruptedException {
        boolean ended = true;
        for (Worker worker : workers) {
            ended &= isSelf(worker) || deadline.join(worker.thread());
        }
        if (ended && workers.stream().noneMatch(this::isSelf)) {
            advance(State.TERMINATED);
        }
        return ended;
    }

    private boolean isSelf(Worker worker) {
        return worker.thread().equals(Thread.currentThread());
    }

    private void reportHung(boolean ended) {
        if (!ended) {
            Stream<Thread> hung = workers.stream().map(Worker::thread).filter(Thread::isAlive);
            LOG.log(
                    Level.WARNING,
                    "Pool {0}: expected its tasks to end within {1} of the interrupt but these threads go on: {2}",
                    name,
                    DurationText.of(GRACE),
                    hung.map(Thread::getName).toList());
        }
    }

    private Drain report() {
        lock.lock();
        try {
            return new Drain(notRun, interrupted);
        } finally {
            lock.unlock();
        }
    }
}
