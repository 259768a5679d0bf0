package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that wait by looking again and again. */
// Much in it is wrong on purpose.
@SuppressWarnings({"LockNotBeforeTry", "NonAtomicVolatileUpdate", "ThreadPriorityCheck"})
final class Spinning {
    private Spinning() {}

    /** A thread waits for an event. */
    abstract static class Event implements Shown {
        volatile int events;

        abstract void happen();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        while (events == 0) {
                            Thread.onSpinWait();
                        }
                    },
                    this::happen);
        }
    }

    static final class FlagIsLoweredAgain extends Event {
        @Override
        void happen() {
            events = 1;
            events = 0;
        }
    }

    static final class CountOnlyGrows extends Event {
        @Override
        void happen() {
            events = 1;
            events = 2;
        }
    }

    /** Two threads, one inside at a time. */
    abstract static class SpinLock implements Shown {
        private int inside;
        private int visits;

        abstract void lock(int me);

        abstract void unlock(int me);

        private void visit(int me) {
            lock(me);
            inside++;
            Require.that(inside == 1, "two are inside");
            visits++;
            inside--;
            unlock(me);
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> visit(0), () -> visit(1));
        }

        @Override
        public void invariant() {
            Require.that(visits == 2, visits + " visits");
        }
    }

    static final class TestsThenSets extends SpinLock {
        private volatile boolean locked;

        @Override
        void lock(int me) {
            while (locked) {
                Thread.onSpinWait();
            }
            locked = true;
        }

        @Override
        void unlock(int me) {
            locked = false;
        }
    }

    static final class TestsAndSets extends SpinLock {
        private final AtomicBoolean locked = new AtomicBoolean();

        @Override
        void lock(int me) {
            while (!locked.compareAndSet(false, true)) {
                Thread.onSpinWait();
            }
        }

        @Override
        void unlock(int me) {
            locked.set(false);
        }
    }

    /** Peterson's algorithm. */
    abstract static class Peterson extends SpinLock {
        final boolean[] wants = new boolean[2];
        volatile int last;

        abstract void announce(int me);

        @Override
        void lock(int me) {
            announce(me);
            while (wants[1 - me] && last == me) {
                Thread.onSpinWait();
            }
        }

        @Override
        void unlock(int me) {
            wants[me] = false;
        }
    }

    static final class GivesWayThenWants extends Peterson {
        @Override
        void announce(int me) {
            last = me;
            wants[me] = true;
        }
    }

    static final class WantsThenGivesWay extends Peterson {
        @Override
        void announce(int me) {
            wants[me] = true;
            last = me;
        }
    }

    /** A lock by tickets. */
    abstract static class Tickets extends SpinLock {
        private volatile int serves;

        abstract int ticket();

        @Override
        void lock(int me) {
            int mine = ticket();
            while (serves != mine) {
                Thread.onSpinWait();
            }
        }

        @Override
        void unlock(int me) {
            serves = serves + 1;
        }
    }

    static final class SameTicketTwice extends Tickets {
        private volatile int next;

        @Override
        int ticket() {
            int mine = next;
            next = mine + 1;
            return mine;
        }
    }

    static final class EachTicketOnce extends Tickets {
        private final AtomicInteger next = new AtomicInteger();

        @Override
        int ticket() {
            return next.getAndIncrement();
        }
    }

    /** A reader without a lock reads again if a writer was there. */
    abstract static class SequenceLock implements Shown {
        volatile int version;
        volatile int x;
        volatile int y;

        abstract boolean isStale(int before);

        private void write() {
            version = 1;
            x = 1;
            y = 1;
            version = 2;
        }

        private void read() {
            int before;
            int seenX;
            int seenY;
            do {
                before = version;
                while (before % 2 != 0) {
                    Thread.onSpinWait();
                    before = version;
                }
                seenX = x;
                seenY = y;
            } while (isStale(before));
            Require.that(seenX == seenY, "half of a change was read");
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::write, this::read);
        }
    }

    static final class DoesNotLookAgain extends SequenceLock {
        @Override
        boolean isStale(int before) {
            return false;
        }
    }

    static final class LooksAgain extends SequenceLock {
        @Override
        boolean isStale(int before) {
            return version != before;
        }
    }

    /** Each waits until the other one has begun. */
    abstract static class Turns implements Shown {
        volatile boolean one;
        volatile boolean other;

        abstract void begin();

        @Override
        public List<Actor> actors() {
            return List.of(this::begin, () -> {
                while (!one) {
                    Thread.yield();
                }
                other = true;
            });
        }
    }

    static final class WaitsForEachOther extends Turns {
        @Override
        void begin() {
            while (!other) {
                Thread.yield();
            }
            one = true;
        }
    }

    static final class OneBegins extends Turns {
        @Override
        void begin() {
            one = true;
            while (!other) {
                Thread.yield();
            }
        }
    }

    /** Spins for a change that needs the lock that it holds. */
    abstract static class SpinsWithLock implements Shown {
        final ReentrantLock lock = new ReentrantLock();
        volatile boolean done;

        abstract void await();

        @Override
        public List<Actor> actors() {
            return List.of(this::await, () -> {
                lock.lock();
                try {
                    done = true;
                } finally {
                    lock.unlock();
                }
            });
        }
    }

    static final class SpinsUnderTheLock extends SpinsWithLock {
        @Override
        void await() {
            lock.lock();
            try {
                while (!done) {
                    Thread.onSpinWait();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    static final class SpinsOutsideTheLock extends SpinsWithLock {
        @Override
        void await() {
            while (!done) {
                Thread.onSpinWait();
            }
            lock.lock();
            lock.unlock();
        }
    }
}
