package dev.thrum.events;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that reports stalled loops, once for each stall, with the stack of the thread that blocks them.
 *
 * <p>If that is a pinned virtual thread that waits (with a class initializer or a native frame below it), no thread
 * of this loop could end the wait, least of all a wait for its own connection. The watchdog wakes it and makes it
 * poll the kernel itself.
 */
final class Watchdog implements Runnable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.events");
    private static final int LOOKS = 4;

    private final Loops<?> loops;
    private final Reports reports;
    private final Duration limit;
    private final Clock clock;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Filled by the watchdog's thread; its steps are owned by it, except for what they say. */
    private final Map<Loop, Step> steps = new ConcurrentHashMap<>();

    /** The task that a loop was seen running. */
    private static final class Step {
        private volatile Seen seen = new Seen(-1, 0);
        private int looks;
        private boolean reported;
    }

    /** A step of a loop, and when it was first seen. */
    private record Seen(long number, long since) {}

    /** Starts the watchdog. */
    Watchdog(Loops<?> loops, Reports reports, Duration limit, Clock clock) {
        this.loops = loops;
        this.reports = reports;
        this.limit = limit;
        this.clock = clock;
        this.thread = Threads.daemon("thrum-watchdog", this);
        thread.start();
    }

    @Override
    public void run() {
        do {
            round();
        } while (!awaitClosed());
        round();
    }

    /** Waits until the next check is due; returns true if the watchdog was closed. */
    private boolean awaitClosed() {
        try {
            return closed.await(Clock.nanos(limit) / LOOKS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            LOG.log(Level.TRACE, "an unexpected interrupt, perhaps by a logger, is ignored", e);
            return false;
        }
    }

    private void round() {
        try {
            loops.all().forEach(this::look);
            reports.write();
        } catch (RuntimeException | Error e) {
            // A logger is foreign code; the loops must be watched even if it fails.
            reports.add("the watchdog failed", e);
        }
    }

    private void look(Loop loop) {
        Step step = steps.computeIfAbsent(loop, l -> new Step());
        Runnable current = loop.current();
        long number = loop.steps();
        long now = clock.nanoTime();
        Seen seen = step.seen;
        if (current == null || number != seen.number()) {
            if (step.reported) {
                LOG.log(
                        Level.INFO,
                        loop.platformThread().getName() + " goes on after "
                                + Duration.ofNanos(now - seen.since()).toMillis() + " ms");
            }
            loop.notKept();
            step.seen = new Seen(current == null ? -1 : number, now);
            step.looks = 0;
            step.reported = false;
            return;
        }
        // Time is no proof: if the whole process was suspended, no thread blocked a loop.
        if (++step.looks >= LOOKS - 1 && now - seen.since() >= Clock.nanos(limit)) {
            stalled(loop, current, step, now);
        }
    }

    private void stalled(Loop loop, Runnable current, Step step, long now) {
        Optional<Thread> conversation = loop.threadOf(current);
        if (!step.reported) {
            step.reported = true;
            report(loop, conversation.orElse(loop.platformThread()), now - step.seen.since());
        }
        // Read before the state: a wait that begins later was not seen.
        long wait = loop.waits();
        conversation.filter(Watchdog::waits).ifPresent(pinned -> {
            loop.keptBy(pinned, step.seen.number(), wait);
            // Every wait must tolerate spurious wake-ups; ours then checks for this finding.
            LockSupport.unpark(pinned);
        });
    }

    /** How long a loop has been seen running this step, in nanoseconds; any thread may ask. */
    long nanosOf(Loop loop, long number) {
        Step step = steps.get(loop);
        Seen seen = step == null ? new Seen(-1, 0) : step.seen;
        return seen.number() == number ? clock.nanoTime() - seen.since() : 0;
    }

    private static boolean waits(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, BLOCKED, TERMINATED -> false;
        };
    }

    private static void report(Loop loop, Thread guilty, long nanos) {
        LOG.log(
                Level.WARNING,
                loop.platformThread().getName() + " has served none of its " + loop.connections() + " connections for "
                        + Duration.ofNanos(nanos).toMillis() + " ms, because " + guilty.getName()
                        + " does not let go of it. Long operations (files, names, native code, computing) belong in"
                        + " connection.offload(...)",
                Threads.stack(guilty));
    }

    void close() {
        closed.countDown();
        Threads.joinUninterruptibly(thread);
    }
}
