package dev.thrum.bench.explore.collection;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Copies of {@code WorkQueue}, with room for one item, and the programs that use them. */
// Much in it is wrong on purpose.
@SuppressWarnings("WaitNotInLoop")
final class QueueCopies {
    private QueueCopies() {}

    private static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Closed() {
            super("closed");
        }
    }

    abstract static class Queue extends Seeded {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition itemOrClosed = lock.newCondition();
        private final Condition roomOrClosed = lock.newCondition();
        private final Condition allDone = lock.newCondition();
        private final ArrayDeque<Integer> items = new ArrayDeque<>();
        private int inHand;
        private boolean closed;

        Queue(String fault) {
            super(fault);
        }

        void put(int item) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                if (has("put: closed is checked before the wait only") && closed) {
                    throw new Closed();
                }
                if (has("put: if for while")) {
                    if (!closed && !items.isEmpty()) {
                        roomOrClosed.await();
                    }
                } else {
                    while (!closed && !items.isEmpty()) {
                        roomOrClosed.await();
                    }
                }
                if (closed && !has("put: closed is checked before the wait only")) {
                    throw new Closed();
                }
                items.add(item);
                Require.that(items.size() == 1, "more items than room");
                if (!has("put: no signal")) {
                    itemOrClosed.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        int take() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                if (has("take: if for while")) {
                    if (items.isEmpty()) {
                        requireMoreToCome();
                        itemOrClosed.await();
                    }
                } else {
                    while (items.isEmpty()) {
                        if (!has("take: closed is not checked")) {
                            requireMoreToCome();
                        }
                        itemOrClosed.await();
                    }
                }
                int item = items.remove();
                if (!has("take: counted after the lock")) {
                    inHand++;
                }
                if (!has("take: no signal")) {
                    (has("take: signal of the wrong condition") ? itemOrClosed : roomOrClosed).signal();
                }
                return item;
            } finally {
                lock.unlock();
                if (has("take: counted after the lock")) {
                    inHand++;
                }
            }
        }

        private void requireMoreToCome() {
            if (closed) {
                throw new Closed();
            }
        }

        void taskDone() {
            if (has("taskDone: no lock")) {
                inHand--;
                return;
            }
            lock.lock();
            try {
                inHand--;
                if (inHand == 0 && items.isEmpty() && !has("taskDone: no signal")) {
                    allDone.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        void join() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (has("join: items in hand are forgotten") ? !items.isEmpty() : inHand > 0 || !items.isEmpty()) {
                    allDone.await();
                }
            } finally {
                lock.unlock();
            }
        }

        void close() {
            if (has("close: no lock")) {
                closed = true;
                return;
            }
            lock.lock();
            try {
                if (!has("close: signals, then closes")) {
                    closed = true;
                }
                if (has("close: one signal")) {
                    itemOrClosed.signal();
                } else {
                    itemOrClosed.signalAll();
                }
                if (!has("close: no signal for putters")) {
                    roomOrClosed.signalAll();
                }
            } finally {
                lock.unlock();
            }
            if (has("close: signals, then closes")) {
                closed = true;
            }
        }
    }

    /** One thread puts two items, two threads take one each. */
    static final class TwoTakers extends Queue {
        private final int[] taken = new int[2];

        TwoTakers(String fault) {
            super(fault);
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> taken[0] = take(), () -> taken[1] = take(), () -> {
                put(1);
                put(2);
            });
        }

        @Override
        public void invariant() {
            Require.that(taken[0] + taken[1] == 3, "the items are " + taken[0] + " and " + taken[1]);
        }
    }

    /** Two threads put three items, one takes all. */
    static final class TwoPutters extends Queue {
        TwoPutters(String fault) {
            super(fault);
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        put(1);
                        put(2);
                    },
                    () -> put(4),
                    () -> {
                        int sum = take() + take() + take();
                        Require.that(sum == 7, "the sum is " + sum);
                    });
        }
    }

    /** A thread waits until the work on an item is done. */
    static final class Joined extends Queue {
        private volatile boolean worked;

        Joined(String fault) {
            super(fault);
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        put(1);
                        join();
                        Require.that(worked, "joined before the work was done");
                    },
                    () -> {
                        take();
                        worked = true;
                        taskDone();
                    });
        }
    }

    /** Two threads wait for items, and none comes. */
    static final class ClosedForTakers extends Queue {
        ClosedForTakers(String fault) {
            super(fault);
        }

        private void takeOrEnd() throws InterruptedException {
            try {
                int item = take();
                Require.that(item < 0, "took " + item);
            } catch (Closed e) {
                Require.that(e.getMessage().equals("closed"), "ended for another reason");
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::takeOrEnd, this::takeOrEnd, this::close);
        }
    }

    /** A thread waits for room, and the queue is closed. */
    static final class ClosedForPutters extends Queue {
        private volatile boolean refused;

        ClosedForPutters(String fault) {
            super(fault);
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            put(1);
                            put(2);
                        } catch (Closed e) {
                            refused = true;
                        }
                    },
                    this::close);
        }

        @Override
        public void invariant() {
            Require.that(refused, "two items are in a queue for one");
        }
    }

    /** A full queue is closed while a thread waits for room: nothing is added after that. */
    static final class ClosedWhileFull extends Queue {
        private volatile boolean refused;
        private volatile boolean added;

        ClosedWhileFull(String fault) {
            super(fault);
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            put(1);
                            put(2);
                            added = true;
                        } catch (Closed e) {
                            refused = true;
                        }
                    },
                    () -> {
                        close();
                        try {
                            int first = take();
                            Require.that(first == 1, "took " + first);
                            int second = take();
                            Require.that(added || second == 0, "an item was added to a closed queue");
                        } catch (Closed e) {
                            Require.that(!added, "closed with an item");
                        }
                    });
        }
    }
}
