package dev.thrum.bench.explore;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/** Programs that are measured besides those of the collection. */
// The last one is wrong on purpose.
@SuppressWarnings("LockNotBeforeTry")
public final class Measured {
    private Measured() {}

    /** Two threads that each read and write a field three times: with their starts, 14 steps, 3,432 schedules. */
    public static final class Increments implements Program {
        private int count;

        @Override
        public List<Actor> actors() {
            return List.of(this::increment, this::increment);
        }

        private void increment() {
            for (int i = 0; i < 3; i++) {
                count++;
            }
        }

        @Override
        public String outcome() {
            return Integer.toString(count);
        }
    }

    /** A buffer with room for one, two conditions, two producers and two consumers. */
    public static final class BoundedBuffer implements Program {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition notFull = lock.newCondition();
        private final Condition notEmpty = lock.newCondition();
        private int item;
        private boolean full;
        private int taken;

        @Override
        public List<Actor> actors() {
            return List.of(() -> put(1), () -> put(2), this::take, this::take);
        }

        private void put(int value) throws InterruptedException {
            lock.lock();
            try {
                while (full) {
                    notFull.await();
                }
                item = value;
                full = true;
                notEmpty.signal();
            } finally {
                lock.unlock();
            }
        }

        private void take() throws InterruptedException {
            lock.lock();
            try {
                while (!full) {
                    notEmpty.await();
                }
                taken += item;
                full = false;
                notFull.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void invariant() {
            if (taken != 3) {
                throw new IllegalStateException("expected 1 and 2 to be taken but the sum is " + taken);
            }
        }
    }

    /** Four threads that take two locks in one order. */
    public static final class LocksInOrder implements Program {
        private final ReentrantLock first = new ReentrantLock();
        private final ReentrantLock second = new ReentrantLock();
        private int count;

        @Override
        public List<Actor> actors() {
            return List.of(this::both, this::both, this::both, this::both);
        }

        private void both() {
            first.lock();
            try {
                second.lock();
                try {
                    count++;
                } finally {
                    second.unlock();
                }
            } finally {
                first.unlock();
            }
        }

        @Override
        public void invariant() {
            if (count != 4) {
                throw new IllegalStateException("expected 4 but was " + count);
            }
        }
    }

    /** Four threads that each change only a cell of their own. */
    public static final class OwnCells implements Program {
        private final int[] cells = new int[4];

        @Override
        public List<Actor> actors() {
            return IntStream.range(0, cells.length)
                    .<Actor>mapToObj(i -> () -> {
                        cells[i]++;
                        cells[i]++;
                    })
                    .toList();
        }
    }

    /**
     * In about half of the schedules a thread holds a lock and waits inside the JDK, for ever, and another one waits for the
     * lock. Two more threads make sure that there are millions of schedules.
     */
    public static final class HalfDeadlocked implements Program {
        private final ReentrantLock lock = new ReentrantLock();
        private final SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        private final int[] cells = new int[3];
        private boolean announced;

        @Override
        public List<Actor> actors() {
            return List.of(() -> count(0), () -> count(1), this::takeUnlessAnnounced, this::announce);
        }

        private void count(int cell) {
            for (int i = 0; i < 3; i++) {
                cells[cell]++;
            }
        }

        private void takeUnlessAnnounced() throws InterruptedException {
            lock.lock();
            if (!announced) {
                queue.take();
            }
            lock.unlock();
        }

        private void announce() {
            cells[2]++;
            announced = true;
            lock.lock();
            lock.unlock();
        }
    }
}
