package dev.thrum.database;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Deadline;
import dev.thrum.base.FaultReports;
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
 * A bounded queue of calls and the threads that serve it: one at first, more when calls wait and no thread does, never
 * more than it was allowed.
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

    /** Whether there are as many threads as there may be; only ever set, under the lock. */
    private volatile boolean grown;

    /** Set once, before the queue is closed: what waits is failed and not run. */
    private volatile boolean givenUp;

    /**
     * What a executor is like.
     *
     * @param name of its threads
     * @param readOnly whether its connections are for reading alone
     */
    record Shape(String name, boolean readOnly, int threads, int capacity, Duration patience) {}

    DatabaseExecutor(Shape shape, Dialect dialect, TransactionStrategy strategy) {
        this(shape, dialect, strategy, Thread.ofPlatform().daemon().factory());
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

    /** Hands in a call if there is room; false if it is full. */
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

    /** Starts a thread where calls wait and none does. One that can't be started is tried again, at the latest soon. */
    void growIfShort() {
        if (!grown && queue.size() > idle.get()) {
            try {
                grow();
                starts.worked(() -> "threads of the database can be started again");
            } catch (OutOfMemoryError e) {
                // The call waits on, for the threads that are there or the next try.
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
        try (ConnectionPool pool = new ConnectionPool(availability, shape)) {
            while (true) {
                Call<?> call = take();
                // Who handed in a call just now may have counted on this thread.
                growIfShort();
                if (givenUp) {
                    call.fail(closed());
                } else if (!call.isOver()) {
                    run(call, pool);
                }
            }
        } catch (QueueClosedException e) {
            // Nothing is left and nothing will come.
        }
    }

    /** The next call. A thread ends with its queue: an interrupt is what some work has left behind, and means nothing. */
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

    private void run(Call<?> call, ConnectionPool pool) {
        try {
            strategy.run(call, pool, this::next);
        } catch (RuntimeException | Error e) {
            // Whatever a driver throws, the thread goes on; in which state its connection is, nobody knows.
            LOG.log(Level.ERROR, "a database thread met what it did not expect", e);
            pool.discard();
            call.fail(Availability.thrown(e));
        }
    }

    /** Another call that waits and that somebody waits for. */
    private Optional<Call<?>> next() {
        try {
            // What is left when the executor is given up is failed by take.
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

    /** Accepts nothing more; what waits is still run. */
    void beginDrain() {
        queue.close();
        // Nothing is added from here on; what was added just now may have found no thread yet.
        growIfShort();
    }

    /** Accepts nothing more; what waits is failed. */
    void giveUp() {
        givenUp = true;
        queue.close();
    }

    /** Waits until all threads have ended; false if some have not. */
    boolean awaitEnd(Deadline deadline) throws InterruptedException {
        boolean ended = true;
        for (Thread thread : threads()) {
            ended &= thread.join(deadline.left());
        }
        return ended;
    }
}
