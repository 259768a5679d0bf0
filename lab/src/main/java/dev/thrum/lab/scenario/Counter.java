package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Two threads count in one variable. */
final class Counter {
    private Counter() {}

    /** An increment reads, adds and writes: a write of the other thread in between is lost. Volatile does not help. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Wrong on purpose.
    static final class Broken implements Program {
        private final int times;
        private volatile int count;

        Broken(int times) {
            this.times = times;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::increment, this::increment);
        }

        private void increment() {
            for (int i = 0; i < times; i++) {
                count++; // Three steps that look like one.
            }
        }

        @Override
        public void invariant() {
            if (count != 2 * times) {
                throw new AssertionError("expected count to be " + 2 * times + " but was " + count);
            }
        }

        @Override
        public String outcome() {
            return count == 2 * times
                    ? "exactly %,d".formatted(count)
                    : "lost %,d of %,d".formatted(2 * times - count, 2 * times);
        }
    }

    /** Only the thread that holds the lock reads and writes. */
    static final class Fixed implements Program {
        private final int times;
        private final ReentrantLock lock = new ReentrantLock();
        private int count;

        Fixed(int times) {
            this.times = times;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::increment, this::increment);
        }

        private void increment() {
            for (int i = 0; i < times; i++) {
                lock.lock();
                try {
                    count++;
                } finally {
                    lock.unlock();
                }
            }
        }

        @Override
        public void invariant() {
            if (count != 2 * times) {
                throw new AssertionError("expected count to be " + 2 * times + " but was " + count);
            }
        }

        @Override
        public String outcome() {
            return count == 2 * times
                    ? "exactly %,d".formatted(count)
                    : "lost %,d of %,d".formatted(2 * times - count, 2 * times);
        }
    }
}
