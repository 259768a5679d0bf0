package dev.thrum.simulation.explore.run;

import dev.thrum.simulation.explore.run.Waits.Wait;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The threads that wait for a condition. Owned by the thread that explores. */
final class ConditionQueue {
    final Object condition;
    final Lock lock;
    final Deque<ExploredThread> waiting = new ArrayDeque<>(2);

    ConditionQueue(Object condition, Lock lock) {
        this.condition = condition;
        this.lock = lock;
    }

    boolean isOwner() {
        return holds() > 0;
    }

    private int holds() {
        return switch (lock) {
            case ReentrantLock one -> one.getHoldCount();
            case ReentrantReadWriteLock.WriteLock write -> write.getHoldCount();
            default -> 0;
        };
    }

    /** Gives up the lock, waits, and takes the lock again; returns whether there was a signal. */
    boolean await(Machine machine, Wait wait, int site) throws InterruptedException {
        ExploredThread self = machine.runningThread();
        if (self == null || machine.unwinding) {
            return true;
        }
        int holds = holds();
        if (holds == 0) {
            throw new IllegalMonitorStateException();
        }
        Object whole =
                lock instanceof ReentrantLock ? lock : Objects.requireNonNull(machine.state.wholeLocks.get(lock));
        int interruptible = wait.interruptible() ? ExploredThread.INTERRUPTIBLE : 0;
        Waits.point(machine, whole, ExploredThread.WRITE | interruptible, site);
        if (wait.interruptible() && Thread.interrupted()) {
            throw new InterruptedException();
        }
        self.signalled = false;
        waiting.add(self);
        quietly(self, holds, lock::unlock);
        machine.state.holds(whole, null);
        Waits.take(machine, whole, ExploredThread.WRITE, site, wait);
        quietly(self, holds, lock::lock);
        machine.state.holds(whole, self);
        if (!self.signalled) {
            waiting.remove(self);
            if (wait.interruptible() && Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return self.signalled;
    }

    /** Repeats a call that may be a method of the program, without points. */
    private static void quietly(ExploredThread self, int times, Runnable call) {
        self.quiet++;
        try {
            for (int i = 0; i < times; i++) {
                call.run();
            }
        } finally {
            self.quiet--;
        }
    }

    void signal(Machine machine, boolean all) {
        while (!waiting.isEmpty()) {
            Waits.signal(machine, waiting.remove());
            if (!all) {
                return;
            }
        }
    }
}
