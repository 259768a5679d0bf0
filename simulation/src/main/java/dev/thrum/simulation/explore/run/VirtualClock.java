package dev.thrum.simulation.explore.run;

import dev.thrum.base.Clock;
import dev.thrum.simulation.code.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The clock of a run. It moves on only when no thread can go on otherwise. Owned like the machine.
 */
public final class VirtualClock implements VirtualTime {
    private static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");

    private final Machine machine;
    private long now;

    /** Whether only threads that have yielded have gone on since the clock has moved. */
    private boolean idle;

    VirtualClock(Machine machine) {
        this.machine = machine;
    }

    void reset() {
        now = 0;
        idle = false;
    }

    /**
     * Called when no thread can go on: gives those a turn that have yielded, or moves on to the first instant at which a wait
     * ends. Returns false if there is neither. If threads yield again and nothing else happens, time passes.
     */
    boolean moveOn() {
        boolean yielded = false;
        long first = ExploredThread.NEVER;
        for (int i = 0; i < machine.threadCount(); i++) {
            ExploredThread thread = machine.thread(i);
            if (!thread.ended) {
                yielded |= thread.yielded;
                first = thread.deadline > now ? Math.min(first, thread.deadline) : first;
            }
        }
        if (!yielded && first == ExploredThread.NEVER) {
            return false;
        }
        long before = now;
        boolean timePasses = first != ExploredThread.NEVER && (!yielded || idle);
        if (timePasses) {
            now = first;
        }
        idle = yielded && !timePasses;
        release(before);
        return true;
    }

    /** All that has happened so far comes before what threads do whose wait has ended just now. */
    private void release(long before) {
        for (int i = 0; i < machine.threadCount(); i++) {
            ExploredThread thread = machine.thread(i);
            if (!thread.ended && (thread.yielded || (thread.deadline > before && thread.deadline <= now))) {
                thread.yielded = false;
                thread.barrier = machine.depth();
            }
        }
    }

    /**
     * A wait has ended before its time. For the thread that time is over; the others have a clock of their own, as on a machine
     * whose threads are slow at different times, so that this is no step that they could notice.
     */
    void skip(ExploredThread thread) {
        thread.ahead += Math.max(0, thread.deadline - now);
    }

    /** Time passes in code that is not explored. */
    void pass(long nanos) {
        now = after(nanos);
    }

    /** Whether this instant has come. */
    boolean hasCome(long instant) {
        return instant <= now;
    }

    /** The instant after this time from now. */
    long after(long nanos) {
        long limit = now + Math.max(0, nanos);
        return limit < 0 ? ExploredThread.NEVER - 1 : limit;
    }

    @Override
    public boolean isHere() {
        ExploredThread running = machine.running;
        return running != null && Thread.currentThread().equals(running.thread);
    }

    @Override
    public long nanoTime() {
        ExploredThread running = machine.running;
        return running == null ? now : now + running.ahead;
    }

    @Override
    public Instant instant() {
        return EPOCH.plusNanos(nanoTime());
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Waits.sleep(machine, Clock.nanos(duration));
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        Waits.park(machine, after(nanos));
    }

    @Override
    public long awaitNanos(Condition condition, long nanos) throws InterruptedException {
        return Calls.awaitNanos(condition, nanos, -1);
    }

    @Override
    public boolean tryLock(Lock lock, long nanos) throws InterruptedException {
        return lock.tryLock(Calls.tryLock(lock, nanos, TimeUnit.NANOSECONDS, -1), TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean join(Thread thread, long nanos) throws InterruptedException {
        return ThreadCalls.join(thread, Duration.ofNanos(nanos), -1);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Pending timer = new Pending();
        timer.thread = machine.addTimer(timer, after(Clock.nanos(delay)), task);
        return timer;
    }

    /** A task that waits for its time. */
    private final class Pending implements Timer {
        private @org.jspecify.annotations.Nullable ExploredThread thread;

        @Override
        public void cancel() {
            Waits.point(machine, this, ExploredThread.WRITE, -1);
            ExploredThread mine = Objects.requireNonNull(thread);
            if (mine.continuation == null) {
                mine.ended = true;
                mine.cancelled = true;
            }
        }
    }
}
