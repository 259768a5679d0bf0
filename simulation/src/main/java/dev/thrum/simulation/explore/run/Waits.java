package dev.thrum.simulation.explore.run;

import static dev.thrum.simulation.explore.run.ExploredThread.INTERRUPTIBLE;
import static dev.thrum.simulation.explore.run.ExploredThread.LOCAL;
import static dev.thrum.simulation.explore.run.ExploredThread.NEVER;
import static dev.thrum.simulation.explore.run.ExploredThread.PERMIT_KEY;
import static dev.thrum.simulation.explore.run.ExploredThread.WRITE;

import dev.thrum.simulation.explore.code.Site;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Steps that wait for something. */
final class Waits {
    /**
     * What a step waits for, and how long.
     *
     * @param needed what has the state that it waits for, if that isn't what the step is about
     */
    record Wait(
            int need,
            int argument,
            long deadline,
            boolean interruptible,
            @Nullable Object needed) {
        Wait(int need, int argument, long deadline, boolean interruptible) {
            this(need, argument, deadline, interruptible, null);
        }

        Wait on(@Nullable Object object) {
            return new Wait(need, argument, deadline, interruptible, object);
        }

        static Wait of(int need) {
            return new Wait(need, 0, NEVER, false);
        }
    }

    private Waits() {}

    /** A step that needs nothing. */
    static void point(Machine machine, @Nullable Object object, int flags, int site) {
        ExploredThread self = machine.self();
        if (self != null) {
            self.wrote = true;
            self.next(object, Site.WHOLE, flags, site);
            machine.turn(self);
        }
    }

    /**
     * Takes a step that waits. Returns whether the need was met; false if the time was over or the thread was interrupted.
     * Without a current run nothing is waited for.
     */
    static boolean take(Machine machine, Object object, int flags, int site, Wait wait) {
        return take(machine, object, Site.WHOLE, flags, site, wait);
    }

    static boolean take(Machine machine, Object object, int key, int flags, int site, Wait wait) {
        ExploredThread self = machine.runningThread();
        if (self == null) {
            return true;
        }
        self.wrote = true;
        self.next(object, key, flags | (wait.interruptible ? INTERRUPTIBLE : 0), site);
        self.need = wait.need;
        self.argument = wait.argument;
        self.needed = wait.needed;
        self.deadline = wait.deadline;
        self.early = wait.deadline != NEVER && self.earlyWaits > 0;
        if (self.early) {
            self.earlyWaits--;
        }
        if (self.quiet > 0 || machine.unwinding) {
            return atOnce(machine, self);
        }
        machine.turn(self);
        boolean met = machine.threads.isMet(self);
        if (!met && self.early && self.deadline != NEVER && !isInterrupted(self)) {
            machine.clock().skip(self);
        }
        return met;
    }

    /** A wait in code that can't be stopped: it must be over already. */
    private static boolean atOnce(Machine machine, ExploredThread self) {
        if (machine.threads.isMet(self)) {
            return true;
        }
        if (self.deadline != NEVER) {
            return false;
        }
        if (!machine.unwinding) {
            machine.state.problem("expected code that can't be stopped, such as a constructor of the program, a class"
                    + " initializer or a function of ConcurrentHashMap.compute, not to wait but it does, in "
                    + Stacks.here());
        }
        throw Unwind.NOW;
    }

    static boolean isInterrupted(ExploredThread self) {
        return (self.flags & INTERRUPTIBLE) != 0
                && Objects.requireNonNull(self.thread).isInterrupted();
    }

    static void sleep(Machine machine, long nanos) throws InterruptedException {
        ExploredThread self = machine.runningThread();
        if (self == null || machine.unwinding) {
            return;
        }
        if (self.quiet > 0) {
            machine.clock().pass(nanos);
            return;
        }
        self.next(null, Site.WHOLE, LOCAL | INTERRUPTIBLE, -1);
        self.need = Need.TIME;
        self.deadline = machine.clock().after(nanos);
        self.early = self.earlyWaits > 0;
        if (self.early) {
            self.earlyWaits--;
        }
        machine.turn(self);
        if (Thread.interrupted()) {
            throw new InterruptedException("sleep interrupted");
        }
        machine.clock().skip(self);
    }

    static void park(Machine machine, long deadline) {
        ExploredThread self = machine.runningThread();
        if (self != null) {
            take(machine, self, PERMIT_KEY, WRITE, -1, new Wait(Need.PERMIT, 0, deadline, true));
            self.permit = false;
        }
    }

    /** Lets a thread go on after its park, or its next one. */
    static void permit(Machine machine, ExploredThread of, int site) {
        ExploredThread self = machine.self();
        if (self != null) {
            self.wrote = true;
            self.next(of, PERMIT_KEY, WRITE, site);
            machine.turn(self);
        }
        of.permit = true;
        if (of.need == Need.UNPARK) {
            LockSupport.unpark(of.thread);
        }
    }

    static void yieldTurn(Machine machine, int site) {
        ExploredThread self = machine.self();
        if (self != null) {
            self.next(null, Site.WHOLE, LOCAL, site);
            self.need = Need.TURN;
            self.yielded = true;
            machine.turn(self);
        }
    }

    static void enter(Machine machine, Object object, int site) {
        ExploredThread self = machine.runningThread();
        if (self == null) {
            return;
        }
        Monitor monitor = machine.state.monitor(object);
        if (monitor.owner == self) {
            monitor.count++;
            return;
        }
        take(
                machine,
                object,
                ExploredThread.MONITOR_KEY,
                WRITE,
                site,
                Wait.of(Need.MONITOR).on(monitor));
        monitor.owner = self;
        monitor.count = 1;
    }

    static void exit(Machine machine, Object object) {
        ExploredThread self = machine.runningThread();
        if (self == null) {
            return;
        }
        Monitor monitor = machine.state.monitor(object);
        if (monitor.owner == self && --monitor.count == 0) {
            leave(machine, monitor);
        }
    }

    private static void leave(Machine machine, Monitor monitor) {
        monitor.owner = null;
        monitor.count = 0;
        monitor.left(machine.depth() - 1);
    }

    /** {@code Object.wait} until a notification, the deadline or an interrupt. */
    static void waitFor(Machine machine, Object object, long deadline, int site) throws InterruptedException {
        ExploredThread self = machine.runningThread();
        if (self == null || machine.unwinding) {
            return;
        }
        Monitor monitor = machine.state.monitor(object);
        requireOwner(monitor, self);
        point(machine, null, LOCAL | INTERRUPTIBLE, site);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int count = monitor.count;
        self.signalled = false;
        monitor.waiting.add(self);
        leave(machine, monitor);
        take(
                machine,
                object,
                ExploredThread.MONITOR_KEY,
                WRITE,
                site,
                new Wait(Need.SIGNAL_AND_MONITOR, 0, deadline, true, monitor));
        monitor.owner = self;
        monitor.count = count;
        if (!self.signalled) {
            monitor.waiting.remove(self);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    static void notify(Machine machine, Object object, boolean all) {
        ExploredThread self = machine.runningThread();
        if (self == null || machine.unwinding) {
            return;
        }
        Monitor monitor = machine.state.monitor(object);
        requireOwner(monitor, self);
        machine.state.signals(object);
        while (!monitor.waiting.isEmpty()) {
            signal(machine, monitor.waiting.remove());
            if (!all) {
                return;
            }
        }
    }

    /** A thread gets a signal. If its time is over, or it was interrupted, it could go on anyway: the signal is not the cause. */
    static void signal(Machine machine, ExploredThread waiter) {
        waiter.signalled = true;
        if (!waiter.early && !machine.clock().hasCome(waiter.deadline) && !isInterrupted(waiter)) {
            waiter.cause = machine.depth() - 1;
        }
    }

    private static void requireOwner(Monitor monitor, ExploredThread self) {
        if (monitor.owner != self) {
            throw new IllegalMonitorStateException("current thread is not owner");
        }
    }
}
