package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Interrupts that are swallowed, come too early, or reach the wrong work. */
// Much in it is wrong on purpose.
@SuppressWarnings({"NonAtomicVolatileUpdate", "UnusedVariable"})
final class Interrupts {
    private Interrupts() {}

    /** A worker that is ended by an interrupt. */
    abstract static class Worker implements Shown {
        final LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();

        abstract void work();

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                Thread worker = Thread.startVirtualThread(this::work);
                worker.interrupt();
                worker.join();
            });
        }
    }

    static final class SwallowsTheInterrupt extends Worker {
        @Override
        void work() {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    queue.take();
                } catch (InterruptedException e) {
                    Require.that(queue.isEmpty(), "interrupted with an item");
                }
            }
        }
    }

    static final class EndsAtTheInterrupt extends Worker {
        @Override
        void work() {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    queue.take();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Looks at its interrupt by a method that clears it, and then waits. */
    static final class ClearsTheInterrupt extends Worker {
        @Override
        void work() {
            boolean before = Thread.interrupted();
            try {
                queue.take();
            } catch (InterruptedException e) {
                Require.that(!before, "interrupted twice");
            }
        }
    }

    static final class KeepsTheInterrupt extends Worker {
        @Override
        void work() {
            boolean before = Thread.currentThread().isInterrupted();
            try {
                queue.take();
            } catch (InterruptedException e) {
                Require.that(!before || queue.isEmpty(), "an item was put");
            }
        }
    }

    /** One thread runs two tasks; the first one may be interrupted. */
    abstract static class TwoTasks implements Shown {
        Thread running;
        private volatile int done;

        abstract void interruptFirst();

        private void run() throws InterruptedException {
            synchronized (this) {
                running = Thread.currentThread();
            }
            done++;
            synchronized (this) {
                running = null;
                boolean _ = Thread.interrupted();
            }
            Thread.sleep(1);
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::run, this::interruptFirst);
        }
    }

    static final class InterruptsTheNextTask extends TwoTasks {
        @Override
        void interruptFirst() {
            Thread thread;
            synchronized (this) {
                thread = running;
            }
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    static final class InterruptsUnderTheLock extends TwoTasks {
        @Override
        synchronized void interruptFirst() {
            if (running != null) {
                running.interrupt();
            }
        }
    }

    /** A thread announces itself, so that a stop can interrupt it. */
    abstract static class Announced implements Shown {
        final CountDownLatch never = new CountDownLatch(1);
        volatile boolean stopped;
        volatile Thread worker;

        abstract void work() throws InterruptedException;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            work();
                        } catch (InterruptedException e) {
                            Require.that(stopped, "interrupted before the stop");
                        }
                    },
                    () -> {
                        stopped = true;
                        Thread thread = worker;
                        if (thread != null) {
                            thread.interrupt();
                        }
                    });
        }
    }

    static final class LooksThenAnnouncesItself extends Announced {
        @Override
        void work() throws InterruptedException {
            if (!stopped) {
                worker = Thread.currentThread();
                never.await();
            }
        }
    }

    static final class AnnouncesItselfThenLooks extends Announced {
        @Override
        void work() throws InterruptedException {
            worker = Thread.currentThread();
            if (!stopped) {
                never.await();
            }
        }
    }
}
