package dev.thrum.simulation;

import dev.thrum.base.Clock;
import dev.thrum.base.DurationText;
import dev.thrum.engine.spi.CustomScheduler;
import dev.thrum.simulation.code.VirtualTime;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The scheduler of a simulated world, which runs everything on one thread, and its virtual clock.
 *
 * <p>Virtual threads that are ready wait in a list; the next one is drawn from it at random, by the seed. Only when
 * none is ready does time pass: the clock jumps to the next timer. Timers of the same instant fire in the order they
 * were set. So a run depends only on the seed, provided that no thread outside of it wakes a thread inside;
 * {@link #execute} detects that and fails the run.
 *
 * <p>One wait for the outside is allowed, because no program can avoid it: a monitor that the JDK or a library shares
 * among all threads, such as that of a log's handler. A thread that meets one held by a thread outside gets it in real
 * time, within its step, as a platform thread would; nothing else runs meanwhile, so the run stays the same.
 *
 * <p>All fields but {@code intruder} and {@code unblocked} are owned by the thread that calls {@link #runUntil} and by
 * the virtual threads it runs, of which there is never more than one at a time.
 */
final class Scheduler implements Executor, VirtualTime {
    /** Where simulated time begins. */
    static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");

    /** More steps than any reasonable run needs: a longer one is in an endless loop. */
    private static final long MOST_STEPS = 20_000_000;

    /** The JDK's thread that goes on with virtual threads that have waited for a monitor. */
    private static final String UNBLOCKER = "VirtualThread-unblocker";

    /** How long a step waits, in real time, for a monitor: longer than threads outside hold one to log a line. */
    private static final Duration MONITOR_PATIENCE = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger("dev.thrum.simulation");

    private final RandomGenerator random;
    private final Mishaps mishaps;
    private final Thread owner = Thread.currentThread();
    private final List<Runnable> ready = new ArrayList<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Alarm::at).thenComparingLong(Alarm::order));
    /** Every thread that was started inside and has not ended, by its continuation. */
    private final Map<Runnable, Thread> live = new LinkedHashMap<>();

    private long now;
    private long order;
    private long steps;

    private final AtomicReference<Optional<Throwable>> intruder = new AtomicReference<>(Optional.empty());

    /** Continuations that the JDK goes on with, because their threads can have the monitor that they waited for. */
    private final BlockingQueue<Runnable> unblocked = new LinkedBlockingQueue<>();

    private record Alarm(long at, long order, Runnable task) {}

    Scheduler(RandomGenerator random, Mishaps mishaps) {
        this.random = random;
        this.mishaps = mishaps;
    }

    /** Takes a continuation that is ready to run; called by the thread that unparks or starts a virtual thread. */
    @Override
    public void execute(Runnable continuation) {
        Thread caller = Thread.currentThread();
        if (caller.getName().equals(UNBLOCKER)) {
            unblocked.add(continuation);
            return;
        }
        if (!caller.equals(owner) && !isInside(caller)) {
            intrude("thread " + caller.getName());
            return;
        }
        if (!live.containsKey(continuation)) {
            CustomScheduler.threadOf(continuation).ifPresent(thread -> adopt(continuation, thread));
        }
        ready.add(continuation);
    }

    /**
     * Adopts a thread that was started. Its uncaught exception must not be lost, unless it has an exception handler.
     */
    private void adopt(Runnable continuation, Thread thread) {
        live.put(continuation, thread);
        if (Objects.equals(thread.getUncaughtExceptionHandler(), thread.getThreadGroup())) {
            thread.setUncaughtExceptionHandler((of, what) -> mishaps.add("thread " + of.getName(), what));
        }
    }

    /** The threads that were started inside and have not ended. */
    Collection<Thread> live() {
        return live.values();
    }

    /** Virtual threads of this world inherit its mark; every other thread, on any scheduler, is outside. */
    private boolean isInside(Thread caller) {
        return caller.isVirtual() && VirtualTime.current().filter(this::equals).isPresent();
    }

    /**
     * Runs all threads until the condition holds; returns false if all of them wait for something that never happens.
     */
    boolean runUntil(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            failIfDisturbed();
            if (!ready.isEmpty()) {
                step();
            } else if (!alarms.isEmpty()) {
                Alarm next = alarms.remove();
                now = Math.max(now, next.at());
                next.task().run();
            } else {
                return false;
            }
            if (++steps > MOST_STEPS) {
                throw new IllegalStateException("expected the run to end within " + MOST_STEPS
                        + " steps but it goes on, at " + DurationText.of(Duration.ofNanos(now)));
            }
        }
        failIfDisturbed();
        return true;
    }

    private void step() {
        int last = ready.size() - 1;
        int chosen = random.nextInt(last + 1);
        Runnable continuation = ready.get(chosen);
        ready.set(chosen, ready.get(last));
        ready.remove(last);
        continuation.run();
        Thread thread = live.get(continuation);
        while (thread != null && awaitsMonitor(thread, continuation)) {
            continuation.run();
        }
        if (thread != null && !thread.isAlive()) {
            live.remove(continuation);
        }
    }

    /**
     * Whether a thread's step ended because a monitor was held, and can go on now. False after {@link
     * #MONITOR_PATIENCE}: then a thread of this world holds the monitor while it waits for something else.
     */
    private boolean awaitsMonitor(Thread thread, Runnable continuation) {
        if (thread.getState() != Thread.State.BLOCKED && unblocked.isEmpty()) {
            return false;
        }
        try {
            Runnable next = unblocked.poll(MONITOR_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                return false;
            }
            if (!next.equals(continuation)) {
                intrude("the end of a synchronized block");
                return false;
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void intrude(String by) {
        intruder.compareAndSet(Optional.empty(), Optional.of(new IllegalStateException("woken by " + by)));
    }

    private void failIfDisturbed() {
        mishaps.failIfAny();
        if (!unblocked.isEmpty()) {
            intrude("the end of a synchronized block");
        }
        intruder.get().ifPresent(who -> {
            throw new IllegalStateException(
                    "expected only the simulation to wake its threads but one was " + who.getMessage()
                            + ": the run can't be repeated. Timed waits of java.util.concurrent, contended"
                            + " synchronized blocks and platform threads live in real time; wait by the engine's"
                            + " clock, lock with ReentrantLock, start virtual threads",
                    who);
        });
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Instant instant() {
        return EPOCH.plusNanos(now);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        long until = now + Clock.nanos(duration);
        Thread sleeper = inside();
        Timer alarm = schedule(duration, () -> LockSupport.unpark(sleeper));
        try {
            // Yield even if there is nothing to wait for: every sleep gives other threads a chance to run.
            do {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            } while (now < until);
        } finally {
            alarm.cancel();
        }
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        Thread thread = inside();
        Timer alarm = schedule(Duration.ofNanos(nanos), () -> LockSupport.unpark(thread));
        LockSupport.park(blocker);
        alarm.cancel();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return at(now + Clock.nanos(delay), () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "a timer task failed", e);
                mishaps.add("a timer's task", e);
            }
        });
    }

    /** Runs a task at an instant of {@link #nanoTime}, on the owner's thread. */
    Timer at(long instant, Runnable task) {
        Alarm alarm = new Alarm(instant, order++, task);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }

    /** The calling thread, which must belong to the simulation. */
    static Thread inside() {
        Thread thread = Thread.currentThread();
        if (!thread.isVirtual()) {
            throw new IllegalStateException("expected a thread of the simulation but was called by " + thread.getName()
                    + ": call it within the scenario");
        }
        return thread;
    }
}
