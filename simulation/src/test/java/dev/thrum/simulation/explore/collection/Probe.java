package dev.thrum.simulation.explore.collection;

import dev.thrum.simulation.explore.*;
import java.util.List;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

final class Probe {
    static final class P implements Program {
        final AtomicInteger state = new AtomicInteger();
        final CountDownLatch latch = new CountDownLatch(1);
        volatile Thread waiter;
        volatile boolean left;
        public List<Actor> actors() {
            return List.of(() -> {
                waiter = Thread.currentThread();
                try { latch.await(); state.compareAndSet(0, 2); } catch (InterruptedException e) { }
                left = Thread.currentThread().isInterrupted();
            }, () -> {
                Thread t = waiter;
                if (t != null && state.compareAndSet(0, 1)) t.interrupt();
            }, latch::countDown);
        }
        public String outcome() { return left + "" + state; }
    }
    static final class Q implements Program {
        final AtomicInteger state = new AtomicInteger();
        volatile Thread waiter;
        volatile boolean left;
        public List<Actor> actors() {
            return List.of(() -> {
                waiter = Thread.currentThread();
                state.compareAndSet(0, 2);
                left = Thread.currentThread().isInterrupted();
            }, () -> {
                Thread t = waiter;
                if (t != null && state.compareAndSet(0, 1)) t.interrupt();
            });
        }
        public String outcome() { return left + "" + state; }
    }
    public static void main(String[] args) {
        for (var s : List.of(Search.plain(), Search.sleepSets(), Search.systematic())) {
            for (var c : List.of(P.class, Q.class)) {
                var r = Explorer.of(c).withSearch(s).withFindings(100).explore();
                System.out.println(s.kind() + " " + c.getSimpleName() + " " + r.schedules() + " " + r.outcomes());
            }
            for (String f : List.of("await: interrupt is left", "await: does not wait for the interrupt", "expire: no compare-and-set")) {
                var r = Explorer.of(TaskCopies.TimedWait.class, f).withSearch(s).withFindings(100).withBudget(100000, java.time.Duration.ofSeconds(10)).explore();
                System.out.println(s.kind() + " " + f + " " + r.schedules() + " " + r.exhausted() + r.outcomes());
            }
        }
    }
}
