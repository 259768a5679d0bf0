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
 * The log of requests: whoever answers one puts a record on a bounded queue and goes on; one daemon thread writes. Safe
 * for concurrent use.
 *
 * <p>A record that was put is written, or counted as dropped, and the log itself says how many are missing. A place that
 * can't be written to is reported once and tried again every second; meanwhile the queue fills, and what finds it full is
 * dropped whatever was chosen: a failing disk costs records and never the server.
 */
public final class RequestLog implements AutoCloseable {
    static final System.Logger LOG = System.getLogger("dev.thrum.log");

    /** How long anybody waits for room in the queue. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A signal that is missed, which should not be, costs so much. */
    private static final long LOOK_AGAIN_NANOS = 50_000_000;

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final RecordQueue queue;
    private final WhenFull whenFull;
    private final Duration patience;
    private final LogWriter writer;
    private final LongAdder dropped = new LongAdder();

    /** Of a place that takes nothing. */
    private final FaultReports stalls = new FaultReports(LOG);

    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled when the queue has room, or when it is no use waiting for that. */
    private final Condition room = lock.newCondition();

    /** How many threads wait for room; raised before they look a last time. */
    private final AtomicInteger waiters = new AtomicInteger();

    /** Whether nothing more is accepted; only ever set. */
    private volatile boolean closed;

    /** Whether somebody waited for room in vain, and nothing was taken from the queue since. */
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
     * Opens a log and starts its thread. Where the system has no thread left now, it is tried again while records come.
     *
     * @param sink closed with the log
     * @param clock what gaps are dated with
     * @param capacity how many records may wait
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

    /** Hands a record over; where that was chosen, waits for room. */
    public void put(RequestRecord record) {
        if (!enqueued(record) && !(whenFull == WhenFull.WAIT && enqueuedInTime(record))) {
            dropped.increment();
        }
    }

    /** Hands a record over without waiting, whatever was chosen: for threads that others wait for. */
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

    /** Waits for room, for a bounded time, and only while there is hope. */
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
                    long _ = room.awaitNanos(Math.min(left, LOOK_AGAIN_NANOS));
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
            stalls.failed("the request log stands still: " + writer.sink() + " has taken nothing for "
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
            stalls.worked(() -> "the request log moves again: " + writer.sink() + " takes records");
        }
        // Who waits has counted itself before it looked for room in vain: either we see it here, or it sees the room.
        if (waiters.get() > 0) {
            lock.lock();
            try {
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    public LogStats stats() {
        return new LogStats(writer.written(), dropped.sum(), queue.size(), writer.isFailing());
    }

    /**
     * Accepts nothing more and writes what is there, for so long at most; what could not be written is reported. To be
     * called when nobody puts any more: a record that comes meanwhile may be counted as waiting for ever.
     *
     * @return whether all of it was written
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

    /** Drains it in a second at most. Closing again changes nothing. */
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
