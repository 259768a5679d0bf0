package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Two runners wait for the shot of a starter. */
final class Signal {
    private Signal() {}

    /** A signal is over at once: a runner who arrives after it waits for ever. */
    @SuppressWarnings("WaitNotInLoop") // Wrong on purpose.
    static final class Broken implements Program {
        private final ReentrantLock track = new ReentrantLock();
        private final Condition shot = track.newCondition();
        private final AtomicInteger arrived = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(this::race, this::race, this::start);
        }

        private void race() throws InterruptedException {
            track.lock();
            try {
                shot.await();
            } finally {
                track.unlock();
            }
            arrived.incrementAndGet();
        }

        private void start() {
            track.lock();
            try {
                shot.signalAll();
            } finally {
                track.unlock();
            }
        }

        @Override
        public String outcome() {
            return arrived + " of 2 have arrived";
        }
    }

    /** A latch stays open, also for a runner who arrives late. */
    static final class Fixed implements Program {
        private final CountDownLatch shot = new CountDownLatch(1);
        private final AtomicInteger arrived = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(this::race, this::race, this::start);
        }

        private void race() throws InterruptedException {
            shot.await();
            arrived.incrementAndGet();
        }

        private void start() {
            shot.countDown();
        }

        @Override
        public String outcome() {
            return arrived + " of 2 have arrived";
        }
    }
}
