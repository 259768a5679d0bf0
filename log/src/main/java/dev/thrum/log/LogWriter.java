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
 * while requests come, this thread takes what there is, writes it, and naps, and nobody wakes it but a queue that is half
 * full. When nothing has come for some naps it sleeps, and the next producer wakes it. It says that it sleeps and then looks
 * at the queue a last time, while a producer claims its place in the queue and then looks whether this thread sleeps; both
 * by volatile accesses, so one of the two sees the other. Besides, it wakes once a second for what time brings along.
 */
final class LogWriter {
    private static final System.Logger LOG = RequestLog.LOG;

    private static final int BATCH = 1_024;
    private static final Duration NAP = Duration.ofMillis(10);
    private static final int NAPS_BEFORE_SLEEP = 10;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Between two tries to write when the log is to end. */
    private static final Duration HASTE = Duration.ofMillis(100);

    private final RecordQueue queue;
    private final LogSink sink;
    private final InstantSource clock;
    private final Owner owner;
    private final Thread thread;
    private final FaultReports reports = new FaultReports(LOG);

    /** That one at a time starts the thread. Who does not get it at once does without. */
    private final ReentrantLock starting = new ReentrantLock();

    /** When starting it may be tried again. */
    @GuardedBy("starting")
    private Deadline nextStart = Deadline.in(Duration.ZERO);

    /** Whether the thread was started; written under the lock. */
    private volatile boolean started;

    /** What was taken from the queue and is to be written; this thread's own. */
    private final List<RequestRecord> batch = new ArrayList<>(BATCH);

    private final AtomicReference<Pace> pace = new AtomicReference<>(Pace.AWAKE);

    /** How many naps have brought nothing; this thread's own. */
    private int naps;

    /** How many drops the log itself has told of; this thread's own. */
    private long told;

    /** How many there were when it began to fail; this thread's own. */
    private long droppedBefore;

    /** When the next drops may be told; this thread's own. */
    private Deadline nextTelling = Deadline.in(Duration.ZERO);

    // Written by this thread alone; before it is there, by who starts it.
    private final AtomicLong written = new AtomicLong();
    private volatile boolean failing;
    private volatile int inHand;

    // Set by who ends it, and never cleared.
    private volatile boolean finishing;
    private volatile boolean givenUp;

    private enum Pace {
        AWAKE,
        NAPPING,
        SLEEPING
    }

    /** Whom it writes for. */
    interface Owner {
        /** There is room in the queue, or it is no use to wait for it. */
        void roomMade();

        /** How many records have been dropped so far. */
        long dropped();

        void drop(long records);
    }

    LogWriter(RecordQueue queue, LogSink sink, InstantSource clock, Owner owner, ThreadFactory threads) {
        this.queue = queue;
        this.sink = sink;
        this.clock = clock;
        this.owner = owner;
        this.thread = threads.newThread(this::run);
    }

    /** Starts the thread; again, at most once a second, while the system has none left. */
    void start() {
        Optional<OutOfMemoryError> failure = Optional.empty();
        if (!started && starting.tryLock()) {
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
                starting.unlock();
            }
        }
        failure.ifPresent(e -> reports.failed("cannot start the thread that writes the request log to " + sink + ": "
                + e.getMessage() + "; it is tried again every second"));
    }

    boolean isStarted() {
        return started;
    }

    /** A producer has put something, or found no room: wakes this thread where that is worth its price. */
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

    /** Ends when all has been written. */
    void finish() {
        finishing = true;
        LockSupport.unpark(thread);
    }

    /** Ends without what can't be written. */
    void giveUp() {
        givenUp = true;
        LockSupport.unpark(thread);
        starting.lock();
        try {
            if (!started) {
                // Nobody else will, and nobody starts it any more.
                closeSink();
            }
        } finally {
            starting.unlock();
        }
    }

    /** Whether it has ended by then; one that can't even be started has not. */
    boolean awaitEnd(Deadline deadline) throws InterruptedException {
        start();
        return started && deadline.join(thread);
    }

    boolean hasEnded() {
        return thread.getState() == Thread.State.TERMINATED;
    }

    /** What is neither written nor dropped. */
    long unwritten() {
        return (long) inHand + queue.size();
    }

    private void run() {
        boolean more = true;
        while (more && !givenUp) {
            int count = queue.take(batch, BATCH);
            if (count > 0) {
                naps = 0;
                inHand = count;
                owner.roomMade();
                writeBatch();
                tellOfDrops(false);
            } else {
                more = !(finishing && queue.isEmpty());
                rest();
            }
        }
        tellOfDrops(true);
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
            // Somebody has claimed a place and not yet filled it.
            Thread.onSpinWait();
            return;
        }
        tellOfDrops(false);
        if (naps < NAPS_BEFORE_SLEEP) {
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
                inHand = batch.size() - done;
                succeeded();
            } catch (IOException e) {
                failed(e);
                awaitRetry();
            } catch (RuntimeException | Error e) {
                // The same records would fail again, and those behind them with them.
                LOG.log(Level.ERROR, "writing the request log to " + sink + " failed", e);
                owner.drop(left.size());
                done = batch.size();
                inHand = 0;
            }
        }
        batch.clear();
    }

    private void tellOfDrops(boolean last) {
        long dropped = owner.dropped();
        if (dropped > told && !givenUp && (last || nextTelling.nanosLeft() == 0)) {
            nextTelling = Deadline.in(SECOND);
            if (attempt(() -> sink.write(new LogSink.Gap(clock.millis(), dropped - told)))) {
                told = dropped;
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
            // It is no use to wait for room now.
            owner.roomMade();
        }
        reports.failed("cannot write the request log to " + sink + ": " + IoWords.of(e)
                + "; it is tried again every second, and records beyond the " + queue.capacity()
                + " that may wait are dropped and counted");
    }

    private void succeeded() {
        failing = false;
        reports.worked(() -> "the request log is written to " + sink + " again; " + (owner.dropped() - droppedBefore)
                + " records are missing");
    }

    private void awaitRetry() {
        Deadline retry = Deadline.in(finishing ? HASTE : SECOND);
        boolean wasFinishing = finishing;
        while (retry.nanosLeft() > 0 && !givenUp && finishing == wasFinishing) {
            LockSupport.parkNanos(this, retry.nanosLeft());
        }
    }
}
