package dev.thrum.simulation.explore.run;

import static dev.thrum.simulation.explore.run.ExploredThread.GLOBAL;
import static dev.thrum.simulation.explore.run.ExploredThread.INTERRUPT;
import static dev.thrum.simulation.explore.run.ExploredThread.LOCAL;
import static dev.thrum.simulation.explore.run.ExploredThread.NEVER;
import static dev.thrum.simulation.explore.run.ExploredThread.WRITE;

import dev.thrum.simulation.explore.code.Site;
import dev.thrum.simulation.explore.run.Waits.Wait;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What rewritten code calls instead of the methods of {@link Thread}, {@link LockSupport} and {@link Executors}. Public because
 * that code is in other packages; programs don't call it.
 *
 * <p>A platform thread that the program starts is replaced by a virtual one, because only those can be scheduled.
 */
public final class ThreadCalls {
    private ThreadCalls() {}

    public static void start(Object started, int site) {
        Thread thread = (Thread) started;
        Machine machine = Machine.active;
        if (machine == null || machine.runningThread() == null || thread.isVirtual()) {
            thread.start();
            return;
        }
        if (machine.threads.find(thread) != null) {
            throw new IllegalThreadStateException();
        }
        Thread instead = Thread.ofVirtual().name(thread.getName()).unstarted(thread);
        instead.setUncaughtExceptionHandler(
                Objects.equals(thread.getUncaughtExceptionHandler(), thread.getThreadGroup())
                        ? null
                        : thread.getUncaughtExceptionHandler());
        machine.state.standIns.put(instead, thread);
        instead.start();
    }

    public static Thread startBuilt(Object builder, Runnable task, int site) {
        Thread thread = ((Thread.Builder) builder).unstarted(task);
        start(thread, site);
        return thread;
    }

    public static ThreadFactory factoryBuilt(Object builder, int site) {
        return virtual(((Thread.Builder) builder).factory());
    }

    public static void join(Object thread, int site) throws InterruptedException {
        join((Thread) thread, NEVER, site);
    }

    public static void join(Object thread, long millis, int site) throws InterruptedException {
        join((Thread) thread, millis == 0 ? NEVER : deadline(TimeUnit.MILLISECONDS.toNanos(millis)), site);
    }

    public static void join(Object thread, long millis, int nanos, int site) throws InterruptedException {
        join(thread, nanos > 0 ? millis + 1 : millis, site);
    }

    public static boolean join(Object thread, Duration duration, int site) throws InterruptedException {
        return join((Thread) thread, deadline(duration.toNanos()), site);
    }

    private static long deadline(long nanos) {
        Machine machine = Machine.active;
        return machine == null ? NEVER : machine.clock().after(nanos);
    }

    private static boolean join(Thread thread, long deadline, int site) throws InterruptedException {
        Machine machine = Machine.active;
        ExploredThread of = machine == null ? null : machine.threads.find(thread);
        if (machine == null || of == null) {
            // It is none of this run: one that was never started counts as ended.
            return thread.getState() == Thread.State.NEW || thread.join(Duration.ofNanos(Math.min(deadline, 1)));
        }
        ExploredThread self = machine.runningThread();
        if (self != null && of.ended) {
            self.cause = of.last;
        }
        boolean ended = Waits.take(machine, of, Site.WHOLE, LOCAL, site, new Wait(Need.END, 0, deadline, true, of));
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return ended;
    }

    public static void interrupt(Object thread, int site) {
        Machine machine = Machine.active;
        ExploredThread of = machine == null ? null : machine.threads.find(thread);
        if (machine == null || of == null) {
            ((Thread) thread).interrupt();
            return;
        }
        Waits.point(machine, of, WRITE | INTERRUPT, site);
        if (of.thread != null) {
            of.thread.interrupt();
        }
    }

    public static boolean isInterrupted(Object thread, int site) {
        Machine machine = Machine.active;
        ExploredThread of = machine == null ? null : machine.threads.find(thread);
        if (machine == null || of == null || of.thread == null) {
            return ((Thread) thread).isInterrupted();
        }
        Waits.point(machine, of, 0, site);
        return of.thread.isInterrupted();
    }

    public static boolean interrupted(int site) {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.self();
        if (machine != null && self != null) {
            Waits.point(machine, self, WRITE, site);
        }
        return Thread.interrupted();
    }

    public static boolean isAlive(Object thread, int site) {
        Machine machine = Machine.active;
        ExploredThread of = machine == null ? null : machine.threads.find(thread);
        if (machine == null || of == null) {
            return ((Thread) thread).isAlive();
        }
        Waits.point(machine, null, GLOBAL, site);
        return !of.ended;
    }

    public static Thread.State getState(Object thread, int site) {
        Machine machine = Machine.active;
        ExploredThread of = machine == null ? null : machine.threads.find(thread);
        if (machine == null || of == null) {
            return ((Thread) thread).getState();
        }
        Waits.point(machine, null, GLOBAL, site);
        if (of.ended) {
            return Thread.State.TERMINATED;
        }
        if (of.need == Need.NOTHING || of == machine.running) {
            return Thread.State.RUNNABLE;
        }
        if (of.need == Need.MONITOR) {
            return Thread.State.BLOCKED;
        }
        return of.deadline == NEVER ? Thread.State.WAITING : Thread.State.TIMED_WAITING;
    }

    /** Replaces {@code Thread.yield} and {@code Thread.onSpinWait}. */
    @SuppressWarnings("ThreadPriorityCheck") // The program relies on it, not this class.
    public static void yieldTurn(int site) {
        Machine machine = Machine.active;
        if (machine == null) {
            Thread.yield();
        } else {
            Waits.yieldTurn(machine, site);
        }
    }

    public static Thread currentThread(int site) {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.running;
        return self == null || self.standsFor == null || !self.isCurrent() ? Thread.currentThread() : self.standsFor;
    }

    public static void park(int site) {
        park(ThreadCalls.class, site);
    }

    public static void park(@Nullable Object blocker, int site) {
        Machine machine = Machine.active;
        if (machine == null) {
            LockSupport.park(blocker);
        } else {
            Waits.park(machine, NEVER);
        }
    }

    public static void unpark(@Nullable Thread thread, int site) {
        Machine machine = Machine.active;
        ExploredThread of = machine == null || thread == null ? null : machine.threads.find(thread);
        if (machine == null || of == null) {
            LockSupport.unpark(thread);
            return;
        }
        Waits.permit(machine, of, site);
    }

    public static ExecutorService newFixedThreadPool(int threads, int site) {
        return Executors.newFixedThreadPool(threads, factory());
    }

    public static ExecutorService newFixedThreadPool(int threads, ThreadFactory factory, int site) {
        return Executors.newFixedThreadPool(threads, virtual(factory));
    }

    public static ExecutorService newCachedThreadPool(int site) {
        return Executors.newCachedThreadPool(factory());
    }

    public static ExecutorService newCachedThreadPool(ThreadFactory factory, int site) {
        return Executors.newCachedThreadPool(virtual(factory));
    }

    public static ExecutorService newSingleThreadExecutor(int site) {
        return Executors.newFixedThreadPool(1, factory());
    }

    public static ExecutorService newSingleThreadExecutor(ThreadFactory factory, int site) {
        return Executors.newFixedThreadPool(1, virtual(factory));
    }

    private static ThreadFactory factory() {
        return Machine.active == null
                ? Executors.defaultThreadFactory()
                : Thread.ofVirtual().name("pool-thread-", 1).factory();
    }

    /** A factory of virtual threads for the tasks of another one. */
    private static ThreadFactory virtual(ThreadFactory factory) {
        return task -> {
            Thread made = factory.newThread(task);
            return Machine.active == null || made == null || made.isVirtual()
                    ? made
                    : Thread.ofVirtual().name(made.getName()).unstarted(made);
        };
    }

    /** Threads for the functions of futures, instead of the JDK's own pool. */
    public static Executor executor() {
        return Machine.active == null ? ForkJoinPool.commonPool() : Thread::startVirtualThread;
    }
}
