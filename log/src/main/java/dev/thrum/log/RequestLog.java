package dev.thrum.log;

import dev.thrum.base.Deadline;
import dev.thrum.base.FaultReports;
import dev.thrum.base.Threads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The asynchronous log of requests: handlers put records on a bounded queue and go on, and one daemon thread writes them.
 * Safe for concurrent use.
 *
 * <p>Each record is written or counted as dropped, and the log itself reports how many are missing. If the sink can't be
 * written to, that is reported once and retried every second. Meanwhile the queue fills, and records that find it full are
 * dropped, even with {@link WhenFull#WAIT}: a failing disk costs records, never the server.
 */
public final class RequestLog implements AutoCloseable {
    static final System.Logger LOG = System.getLogger("dev.thrum.log");

    /** The maximum time that a caller waits for room in the queue. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The most that a missed signal would cost; none should be missed. */
    private static final long RECHECK_NANOS = 50_000_000;

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final RecordQueue queue;
    private final WhenFull whenFull;
    private final Duration patience;
    private final LogWriter writer;
    private final LongAdder dropped = new LongAdder();

    /** Reports of a sink that accepts nothing. */
    private final FaultReports stalls = new FaultReports(LOG);

    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled when the queue has room, or waiting for room has become useless. */
    private final Condition room = lock.newCondition();

    /** The number of threads that wait for room; incremented before their last check. */
    private final AtomicInteger waiters = new AtomicInteger();

    /** Whether the log accepts no more records; never cleared. */
    private volatile boolean closed;

    /** Whether a caller's wait for room timed out, and nothing was taken from the queue since. */
    private volatile boolean stalled;

    private RequestLog(
            LogSink sink,
            InstantSource clock,
            int capacity,
            WhenFull whenFull,
            Duration patience,
            ThreadFactory threads) {
        this.queue = new RecordQueue(capacity);
        this.whenFull = whenFull;
        this.patience = patience;
        LogWriter.Owner owner = new LogWriter.Owner() {
            @Override
            public void roomMade() {
                signal();
            }

            @Override
            public long dropped() {
                return dropped.sum();
            }

            @Override
            public void drop(long records) {
                dropped.add(records);
            }
        };
        this.writer = new LogWriter(queue, sink, clock, owner, threads);
    }

    /**
     * Opens a log and starts its thread. If the system has no thread left, later records try again.
     *
     * @param sink closed with the log
     * @param clock gives the times of gaps
     * @param capacity the maximum number of queued records
     */
    public static RequestLog open(LogSink sink, InstantSource clock, int capacity, WhenFull whenFull) {
        return open(sink, clock, capacity, whenFull, PATIENCE, task -> Threads.daemon("thrum-log", task));
    }

    static RequestLog open(
            LogSink sink,
            InstantSource clock,
            int capacity,
            WhenFull whenFull,
            Duration patience,
            ThreadFactory threads) {
        RequestLog log = new RequestLog(sink, clock, capacity, whenFull, patience, threads);
        log.writer.start();
        return log;
    }

    /** Queues a record. If the queue is full, waits for room or drops the record, as {@link WhenFull} says. */
    public void put(RequestRecord record) {
        if (!enqueued(record) && !(whenFull == WhenFull.WAIT && enqueuedInTime(record))) {
            dropped.increment();
        }
    }

    /** Queues a record or drops it, without ever waiting: for threads that must not block, such as one that accepts clients. */
    public void putNow(RequestRecord record) {
        if (!enqueued(record)) {
            dropped.increment();
        }
    }

    private boolean enqueued(RequestRecord record) {
        if (!writer.isStarted()) {
            writer.start();
        }
        if (closed || !queue.offer(record)) {
            return false;
        }
        writer.nudge();
        return true;
    }

    private boolean isHopeless() {
        return closed || stalled || writer.isFailing() || writer.hasEnded();
    }

    /** Waits for room, for a bounded time, and only while the sink works. */
    private boolean enqueuedInTime(RequestRecord record) {
        if (isHopeless()) {
            return false;
        }
        Deadline deadline = Deadline.in(patience);
        boolean enqueued = false;
        boolean first = false;
        waiters.incrementAndGet();
        lock.lock();
        try {
            enqueued = queue.offer(record);
            while (!enqueued && !isHopeless()) {
                long left = deadline.nanosLeft();
                if (left == 0) {
                    first = !stalled;
                    stalled = true;
                } else {
                    writer.nudge();
                    long _ = room.awaitNanos(Math.min(left, RECHECK_NANOS));
                    enqueued = queue.offer(record);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
            waiters.decrementAndGet();
        }
        if (first) {
            stalls.failed("the request log is stalled: " + writer.sink() + " has accepted nothing for "
                    + patience.toMillis() + " ms; until it does, records are dropped and counted");
        }
        if (enqueued) {
            writer.nudge();
        }
        return enqueued;
    }

    /** Called by the writer when it has taken records, or has begun to fail. */
    private void signal() {
        if (!writer.isFailing()) {
            stalled = false;
            stalls.worked(() -> "the request log is no longer stalled: " + writer.sink() + " accepts records");
        }
        // A waiting thread counts itself before its last check for room: either we see it here, or it sees the room.
        if (waiters.get() > 0) {
            lock.lock();
            try {
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** The current counts. */
    public LogStats stats() {
        return new LogStats(writer.written(), dropped.sum(), queue.size(), writer.oldest(), writer.isFailing());
    }

    /**
     * Stops accepting records and writes the queued ones, for at most this long; reports how many could not be written. Call
     * it when no thread puts records any more: one that is put meanwhile may be counted as waiting for ever.
     *
     * @return whether all records were written
     */
    public boolean drain(Duration time) throws InterruptedException {
        boolean first = !closed;
        closed = true;
        writer.finish();
        boolean ended = writer.awaitEnd(Deadline.in(time));
        if (!ended) {
            writer.giveUp();
            ended = writer.awaitEnd(Deadline.in(GRACE));
        }
        long unwritten = writer.unwritten();
        if (first) {
            report(unwritten, time);
        }
        return ended && unwritten == 0;
    }

    private void report(long unwritten, Duration time) {
        if (unwritten > 0) {
            LOG.log(
                    Level.WARNING,
                    unwritten + " records of requests could not be written to " + writer.sink() + " within "
                            + time.toMillis() + " ms and are lost");
        }
        long missing = dropped.sum();
        if (missing > 0) {
            LOG.log(Level.WARNING, missing + " records of requests were dropped since the start");
        }
    }

    /** Drains the log for at most a second. Idempotent. */
    @Override
    public void close() {
        try {
            boolean _ = drain(GRACE);
        } catch (InterruptedException e) {
            writer.giveUp();
            Thread.currentThread().interrupt();
        }
    }
}
