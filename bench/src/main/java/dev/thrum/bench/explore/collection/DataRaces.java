package dev.thrum.bench.explore.collection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;

/** One variable, used by several threads without what would order them. */
// Much in it is wrong on purpose.
@SuppressWarnings("ReferenceEquality")
final class DataRaces {
    private DataRaces() {}

    /** Two threads count. */
    abstract static class Counter implements Shown {
        int count;

        abstract void increment();

        @Override
        public List<Actor> actors() {
            return List.of(this::increment, this::increment);
        }

        @Override
        public void invariant() {
            Require.that(count == 2, "count is " + count);
        }
    }

    static final class UnlockedCounter extends Counter {
        @Override
        void increment() {
            count++;
        }
    }

    static final class LockedCounter extends Counter {
        @Override
        synchronized void increment() {
            count++;
        }
    }

    /** A writer locks; another one does not. */
    static final class OneSideLocks extends Counter {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        void increment() {
            count++;
        }

        private void incrementLocked() {
            lock.lock();
            try {
                count++;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::increment, this::incrementLocked);
        }
    }

    static final class BothSidesLock extends Counter {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        void increment() {
            lock.lock();
            try {
                count++;
            } finally {
                lock.unlock();
            }
        }
    }

    /** An object that is to be made once, when it is first needed. */
    abstract static class Lazy implements Shown {
        Object made;
        Object first;
        Object second;

        abstract Object get();

        @Override
        public List<Actor> actors() {
            return List.of(() -> first = get(), () -> second = get());
        }

        @Override
        public void invariant() {
            Require.that(first == second, "two were made");
        }
    }

    static final class LazyUnlocked extends Lazy {
        @Override
        Object get() {
            if (made == null) {
                made = new Object();
            }
            return made;
        }
    }

    static final class LazyLocked extends Lazy {
        @Override
        synchronized Object get() {
            if (made == null) {
                made = new Object();
            }
            return made;
        }
    }

    /** Of two threads one may have it. */
    abstract static class Claim implements Shown {
        final boolean[] won = new boolean[2];

        abstract boolean claim();

        @Override
        public List<Actor> actors() {
            return List.of(() -> won[0] = claim(), () -> won[1] = claim());
        }

        @Override
        public void invariant() {
            Require.that(won[0] != won[1], won[0] ? "both have it" : "nobody has it");
        }
    }

    static final class ClaimInTwoSteps extends Claim {
        private volatile boolean taken;

        @Override
        boolean claim() {
            if (taken) {
                return false;
            }
            taken = true;
            return true;
        }
    }

    static final class ClaimInOneStep extends Claim {
        private final AtomicBoolean taken = new AtomicBoolean();

        @Override
        boolean claim() {
            return taken.compareAndSet(false, true);
        }
    }

    /** The first value of a key is kept. */
    abstract static class FirstValue implements Shown {
        final Map<String, Integer> map = new ConcurrentHashMap<>();
        private int seen;

        abstract void put(int value);

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        put(1);
                        seen = map.get("key");
                    },
                    () -> put(2));
        }

        @Override
        public void invariant() {
            Require.that(map.get("key") == seen, "the value has changed from " + seen);
        }
    }

    static final class LooksThenPuts extends FirstValue {
        @Override
        void put(int value) {
            if (!map.containsKey("key")) {
                map.put("key", value);
            }
        }
    }

    static final class PutsIfAbsent extends FirstValue {
        @Override
        void put(int value) {
            map.putIfAbsent("key", value);
        }
    }

    /** Counts in the cells of an array; two threads use the same cell. */
    abstract static class Histogram implements Shown {
        abstract void count(int cell);

        abstract int get(int cell);

        @Override
        public List<Actor> actors() {
            return List.of(() -> count(0), () -> count(1), () -> count(1));
        }

        @Override
        public void invariant() {
            Require.that(get(0) == 1 && get(1) == 2, "counts are " + get(0) + " and " + get(1));
        }
    }

    static final class PlainHistogram extends Histogram {
        private final int[] cells = new int[2];

        @Override
        void count(int cell) {
            cells[cell]++;
        }

        @Override
        int get(int cell) {
            return cells[cell];
        }
    }

    static final class AtomicHistogram extends Histogram {
        private final AtomicIntegerArray cells = new AtomicIntegerArray(2);

        @Override
        void count(int cell) {
            cells.incrementAndGet(cell);
        }

        @Override
        int get(int cell) {
            return cells.get(cell);
        }
    }

    /** One thread goes through a list while another one adds to it. */
    abstract static class Iteration implements Shown {
        private final List<Integer> list;
        private int sum;

        Iteration(List<Integer> list) {
            this.list = list;
            list.add(1);
            list.add(2);
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        int found = 0;
                        for (int i : list) {
                            found += i;
                        }
                        sum = found;
                    },
                    () -> list.add(3));
        }

        @Override
        public void invariant() {
            Require.that(sum == 3 || sum == 6, "the sum is " + sum);
        }
    }

    static final class IteratesArrayList extends Iteration {
        IteratesArrayList() {
            super(new ArrayList<>());
        }
    }

    static final class IteratesCopy extends Iteration {
        IteratesCopy() {
            super(new CopyOnWriteArrayList<>());
        }
    }
}
