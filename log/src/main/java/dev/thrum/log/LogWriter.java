package dev.thrum.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Deadline;
import dev.thrum.base.FaultReports;
import dev.thrum.base.IoWords;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The thread that writes a log.
 *
 * <p>Waking a parked thread costs a producer microseconds, and a system call for each record would cost as much again. So
 * while requests arrive, this thread takes the queued records, writes them, and naps; a producer wakes it only if the queue
 * is half full. After some naps without records it sleeps, and the next producer wakes it. No wake-up is lost: this thread
 * marks itself as sleeping and then checks the queue once more, while a producer claims its place in the queue and then
 * checks whether this thread sleeps. Both use volatile accesses, so at least one of the two sees the other. In addition it
 * wakes once a second for periodic work.
 */
final class LogWriter {
    private static final System.Logger LOG = RequestLog.LOG;

    private static final int BATCH = 1_024;
    private static final Duration NAP = Duration.ofMillis(10);
    private static final int NAPS_BEFORE_SLEEP = 10;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** The time between two attempts to write while the log ends. */
    private static final Duration FINAL_RETRY = Duration.ofMillis(100);

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RecordQueue queue;
    private final LogSink sink;
    private final InstantSource clock;
    private final Owner owner;
    private final Thread thread;
    private final FaultReports reports = new FaultReports(LOG);

    /** Held while the thread is started. Producers only try to lock it, and go on without it. */
    private final ReentrantLock startLock = new ReentrantLock();

    /** When the next attempt to start the thread is allowed. */
    @GuardedBy("startLock")
    private Deadline nextStart = Deadline.in(Duration.ZERO);

    /** Whether the thread was started; written under the lock. */
    private volatile boolean started;

    /** Records taken from the queue and not yet written; owned by this thread. */
    private final List<RequestRecord> batch = new ArrayList<>(BATCH);

    private final AtomicReference<Pace> pace = new AtomicReference<>(Pace.AWAKE);

    /** The number of naps in a row without records; owned by this thread. */
    private int naps;

    /** The number of dropped records reported in the log so far; owned by this thread. */
    private long reported;

    /** The number of dropped records when writing began to fail; owned by this thread. */
    private long droppedBefore;

    /** When dropped records may be reported again; owned by this thread. */
    private Deadline nextReport = Deadline.in(Duration.ZERO);

    // Written only by this thread; before it is started, by the thread that starts it.
    private final AtomicLong written = new AtomicLong();
    private volatile boolean failing;
    private volatile int inFlight;

    /** When the first record of the batch was put, in milliseconds since the epoch; meaningless while none is in flight. */
    private volatile long batchSince;

    // Set by the thread that ends it, and never cleared.
    private volatile boolean finishing;
    private volatile boolean givenUp;

    private enum Pace {
        AWAKE,
        NAPPING,
        SLEEPING
    }

    /** The log that it writes for. */
    interface Owner {
        /** Called when there is room in the queue, or waiting for room has become useless. */
        void roomMade();

        /** The number of records dropped so far. */
        long dropped();

        /** Counts records as dropped. */
        void drop(long records);
    }

    LogWriter(RecordQueue queue, LogSink sink, InstantSource clock, Owner owner, ThreadFactory threads) {
        this.queue = queue;
        this.sink = sink;
        this.clock = clock;
        this.owner = owner;
        this.thread = threads.newThread(this::run);
    }

    /** Starts the thread unless it was started; tries at most once a second if the system has no thread left. */
    void start() {
        Optional<OutOfMemoryError> failure = Optional.empty();
        if (!started && startLock.tryLock()) {
            try {
                if (!started && !givenUp && nextStart.nanosLeft() == 0) {
                    nextStart = Deadline.in(SECOND);
                    thread.start();
                    started = true;
                }
            } catch (OutOfMemoryError e) {
                failing = true;
                failure = Optional.of(e);
            } finally {
                startLock.unlock();
            }
        }
        failure.ifPresent(e -> reports.failed("cannot start the thread that writes the request log to " + sink + ": "
                + e.getMessage() + "; retrying every second"));
    }

    boolean isStarted() {
        return started;
    }

    /** Called by a producer that has put a record or found no room; wakes this thread if it sleeps or the queue is half full. */
    void nudge() {
        Pace now = pace.get();
        if (now != Pace.AWAKE
                && (now == Pace.SLEEPING || queue.size() >= (queue.capacity() + 1) / 2)
                && pace.compareAndSet(now, Pace.AWAKE)) {
            LockSupport.unpark(thread);
        }
    }

    boolean isFailing() {
        return failing;
    }

    long written() {
        return written.getAcquire();
    }

    LogSink sink() {
        return sink;
    }

    /** Makes the thread end when all records are written. */
    void finish() {
        finishing = true;
        LockSupport.unpark(thread);
    }

    /** Makes the thread end even if records can't be written. */
    void giveUp() {
        givenUp = true;
        LockSupport.unpark(thread);
        startLock.lock();
        try {
            if (!started) {
                // The thread can't do it, because it will not be started any more.
                closeSink();
            }
        } finally {
            startLock.unlock();
        }
    }

    /** Waits for the end; returns whether the thread has ended in time. One that can't be started has not. */
    boolean awaitEnd(Deadline deadline) throws InterruptedException {
        start();
        return started && deadline.join(thread);
    }

    boolean hasEnded() {
        return thread.getState() == Thread.State.TERMINATED;
    }

    /** The number of records neither written nor dropped. */
    long unwritten() {
        return (long) inFlight + queue.size();
    }

    /** How long the oldest record that is not written has waited. */
    Duration oldest() {
        // The queue first: a record that is taken meanwhile is then found in the batch.
        RequestRecord queued = queue.oldest();
        if (inFlight > 0) {
            return Duration.ofMillis(Math.max(0, clock.millis() - batchSince));
        }
        return queued == null ? Duration.ZERO : Duration.ofMillis(Math.max(0, clock.millis() - put(queued)));
    }

    /** When a record was put: at the end of its request. */
    private static long put(RequestRecord record) {
        return record.time() + record.nanos() / NANOS_PER_MILLI;
    }

    private void run() {
        boolean more = true;
        while (more && !givenUp) {
            int count = queue.take(batch, BATCH);
            if (count > 0) {
                naps = 0;
                batchSince = put(batch.getFirst());
                inFlight = count;
                owner.roomMade();
                writeBatch();
                reportDrops(false);
            } else {
                more = !(finishing && queue.isEmpty());
                rest();
            }
        }
        reportDrops(true);
        closeSink();
    }

    private void closeSink() {
        try {
            sink.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot close " + sink + ": " + IoWords.of(e));
        }
    }

    private void rest() {
        if (finishing) {
            // A producer has claimed a place and not yet filled it.
            Thread.onSpinWait();
            return;
        }
        reportDrops(false);
        // While a producer has claimed a place and not filled it, this thread must not sleep, and would spin.
        if (naps < NAPS_BEFORE_SLEEP || !queue.isEmpty()) {
            naps++;
            pause(Pace.NAPPING, NAP);
            return;
        }
        boolean _ = attempt(sink::idle);
        pause(Pace.SLEEPING, SECOND);
    }

    private void pause(Pace how, Duration time) {
        pace.set(how);
        if (!finishing && !givenUp && (how == Pace.NAPPING || queue.isEmpty())) {
            LockSupport.parkNanos(this, time.toNanos());
        }
        pace.set(Pace.AWAKE);
    }

    private void writeBatch() {
        int done = 0;
        while (done < batch.size() && !givenUp) {
            List<RequestRecord> left = batch.subList(done, batch.size());
            try {
                int now = Objects.checkIndex(sink.write(left) - 1, left.size()) + 1;
                done += now;
                written.setRelease(written.getPlain() + now);
                inFlight = batch.size() - done;
                succeeded();
            } catch (IOException e) {
                failed(e);
                awaitRetry();
            } catch (RuntimeException | Error e) {
                // The same records would fail again, and block those after them.
                LOG.log(Level.ERROR, "writing the request log to " + sink + " failed", e);
                owner.drop(left.size());
                done = batch.size();
                inFlight = 0;
            }
        }
        batch.clear();
    }

    private void reportDrops(boolean last) {
        long dropped = owner.dropped();
        if (dropped > reported && !givenUp && (last || nextReport.nanosLeft() == 0)) {
            nextReport = Deadline.in(SECOND);
            if (attempt(() -> sink.write(new LogSink.Gap(clock.millis(), dropped - reported)))) {
                reported = dropped;
            }
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private boolean attempt(Action action) {
        try {
            action.run();
            succeeded();
            return true;
        } catch (IOException e) {
            failed(e);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "writing the request log to " + sink + " failed", e);
        }
        return false;
    }

    private void failed(IOException e) {
        if (!failing) {
            failing = true;
            droppedBefore = owner.dropped();
            // Waiting for room is useless now.
            owner.roomMade();
        }
        reports.failed("cannot write the request log to " + sink + ": " + IoWords.of(e)
                + "; retrying every second, and records beyond the " + queue.capacity()
                + " that may wait are dropped and counted");
    }

    private void succeeded() {
        failing = false;
        reports.worked(() -> "the request log is written to " + sink + " again; " + (owner.dropped() - droppedBefore)
                + " records are missing");
    }

    private void awaitRetry() {
        Deadline retry = Deadline.in(finishing ? FINAL_RETRY : SECOND);
        boolean wasFinishing = finishing;
        while (retry.nanosLeft() > 0 && !givenUp && finishing == wasFinishing) {
            LockSupport.parkNanos(this, retry.nanosLeft());
        }
    }
}
