package dev.thrum.database;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Deadline;
import dev.thrum.base.FaultReports;
import dev.thrum.base.Threads;
import dev.thrum.database.dialect.Dialect;
import dev.thrum.work.QueueClosedException;
import dev.thrum.work.WorkQueue;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded queue of calls and the threads that serve it: one at first, more while calls wait and no thread is idle, up
 * to a maximum.
 */
final class DatabaseExecutor {
    private static final System.Logger LOG = System.getLogger(DatabaseExecutor.class.getName());

    private final Shape shape;
    private final Availability availability;
    private final TransactionStrategy strategy;
    private final WorkQueue<Call<?>> queue;
    private final ThreadFactory factory;
    private final FaultReports starts = new FaultReports(LOG);

    /** How many threads wait for a call. */
    private final AtomicInteger idle = new AtomicInteger();

    /** No callback and no I/O happens under it. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Thread> threads = new ArrayList<>();

    /** Whether the maximum number of threads runs; never reset, set under the lock. */
    private volatile boolean grown;

    /** Set once, before the queue is closed: queued calls are failed and not run. */
    private volatile boolean givenUp;

    /**
     * The configuration of an executor.
     *
     * @param name of its threads
     * @param readOnly whether its connections only read
     */
    record Shape(String name, boolean readOnly, int threads, int capacity, Duration patience) {}

    DatabaseExecutor(Shape shape, Dialect dialect, TransactionStrategy strategy) {
        this(shape, dialect, strategy, task -> Threads.daemon(shape.name(), task));
    }

    DatabaseExecutor(Shape shape, Dialect dialect, TransactionStrategy strategy, ThreadFactory factory) {
        this.shape = shape;
        this.availability = new Availability(dialect);
        this.strategy = strategy;
        this.queue = new WorkQueue<>(shape.capacity());
        this.factory = factory;
    }

    Availability availability() {
        return availability;
    }

    Shape shape() {
        return shape;
    }

    /** Queues a call; false if the queue is full. */
    boolean offer(Call<?> call) {
        try {
            if (!queue.offer(call, Duration.ZERO)) {
                return false;
            }
        } catch (QueueClosedException e) {
            throw closed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException(
                    DatabaseException.Reason.CLOSED, "the thread that calls the database has been interrupted", e);
        }
        growIfShort();
        return true;
    }

    /** Starts a thread if calls wait and no thread is idle. A failed start is repeated by {@link DeadlineWatch}. */
    void growIfShort() {
        if (!grown && queue.size() > idle.get()) {
            try {
                grow();
                starts.worked(() -> "threads of the database can be started again");
            } catch (OutOfMemoryError e) {
                // The call keeps waiting, for a running thread or the next try.
                starts.failed("cannot start a thread of the database (" + e.getMessage()
                        + "): allow this user more threads (ulimit -u), or the program more memory; it is tried again");
            }
        }
    }

    private void grow() {
        lock.lock();
        try {
            if (threads.size() < shape.threads() && !givenUp) {
                Thread thread = factory.newThread(this::serve);
                thread.setName(shape.threads() == 1 ? shape.name() : shape.name() + "-" + (threads.size() + 1));
                thread.start();
                threads.add(thread);
                grown = threads.size() == shape.threads();
            }
        } finally {
            lock.unlock();
        }
    }

    private void serve() {
        try (ThreadConnection own = new ThreadConnection(availability, shape)) {
            while (true) {
                Call<?> call = take();
                // The caller of another call may have counted on this thread.
                growIfShort();
                if (givenUp) {
                    call.fail(closed());
                } else if (!call.isOver()) {
                    run(call, own);
                }
            }
        } catch (QueueClosedException e) {
            // The queue is closed and empty.
        }
    }

    /** The next call. Only a closed queue ends a thread; an interrupt is left over from some work and is ignored. */
    private Call<?> take() {
        idle.incrementAndGet();
        try {
            while (true) {
                try {
                    return queue.take();
                } catch (InterruptedException e) {
                    LOG.log(Level.DEBUG, "some work has interrupted its database thread", e);
                }
            }
        } finally {
            idle.decrementAndGet();
        }
    }

    private void run(Call<?> call, ThreadConnection own) {
        try {
            strategy.run(call, own, this::next);
        } catch (RuntimeException | Error e) {
            // The thread survives whatever a driver throws; the state of its connection is uncertain.
            LOG.log(Level.ERROR, "a database thread met what it did not expect", e);
            own.discard();
            call.fail(Availability.thrown(e));
        }
    }

    /** Another queued call whose future is not completed. */
    private Optional<Call<?>> next() {
        try {
            // Calls that are queued when the executor is given up are failed by serve.
            Optional<Call<?>> next = givenUp ? Optional.empty() : queue.poll(Duration.ZERO);
            while (next.isPresent() && next.get().isOver()) {
                next = queue.poll(Duration.ZERO);
            }
            return next;
        } catch (QueueClosedException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private DatabaseException closed() {
        return new DatabaseException(
                DatabaseException.Reason.CLOSED,
                "expected an open database but " + availability.place() + " has been shut down",
                null);
    }

    int waiting() {
        return queue.size();
    }

    /** How long the call that is next has waited for a thread; zero if there is none. */
    Duration oldestWait() {
        return queue.peek().map(Call::age).orElse(Duration.ZERO);
    }

    int alive() {
        return (int) threads().stream().filter(Thread::isAlive).count();
    }

    int running() {
        return Math.max(0, alive() - idle.get());
    }

    List<Thread> threads() {
        lock.lock();
        try {
            return List.copyOf(threads);
        } finally {
            lock.unlock();
        }
    }

    /** Accepts no more calls; queued ones are still run. */
    void beginDrain() {
        queue.close();
        // No call is added any more; one that was added just now may have no thread yet.
        growIfShort();
    }

    /** Accepts no more calls; queued ones are failed. */
    void giveUp() {
        givenUp = true;
        queue.close();
    }

    /** Waits until all threads have ended; false if some have not. */
    boolean awaitEnd(Deadline deadline) throws InterruptedException {
        boolean ended = true;
        for (Thread thread : threads()) {
            ended &= deadline.join(thread);
        }
        return ended;
    }
}
