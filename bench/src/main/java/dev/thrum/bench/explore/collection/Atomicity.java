package dev.thrum.bench.explore.collection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicStampedReference;
import java.util.concurrent.locks.ReentrantLock;

/** Several variables, or several steps, that belong together. */
// Much in it is wrong on purpose.
@SuppressWarnings({"ListRemoveAmbiguous", "OperatorPrecedence"})
final class Atomicity {
    private Atomicity() {}

    /** Money moves from one account to the other; the sum stays. */
    abstract static class Transfer implements Shown {
        final ReentrantLock lock = new ReentrantLock();
        int one = 10;
        int other = 10;

        abstract int sum();

        private void move() {
            lock.lock();
            try {
                one -= 5;
                other += 5;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::move, () -> {
                int sum = sum();
                Require.that(sum == 20, "the sum is " + sum);
            });
        }
    }

    static final class SumUnlocked extends Transfer {
        @Override
        int sum() {
            return one + other;
        }
    }

    static final class SumLocked extends Transfer {
        @Override
        int sum() {
            lock.lock();
            try {
                return one + other;
            } finally {
                lock.unlock();
            }
        }
    }

    /** The lower bound is never above the upper one; each thread checks one and sets the other. */
    abstract static class Range implements Shown {
        int low;
        int high = 10;

        abstract void lowTo(int value);

        abstract void highTo(int value);

        @Override
        public List<Actor> actors() {
            return List.of(() -> lowTo(8), () -> highTo(3));
        }

        @Override
        public void invariant() {
            Require.that(low <= high, "the range is " + low + " to " + high);
        }
    }

    static final class TwoLocksForARange extends Range {
        private final Object lowLock = new Object();
        private final Object highLock = new Object();

        @Override
        void lowTo(int value) {
            synchronized (lowLock) {
                if (value <= high) {
                    low = value;
                }
            }
        }

        @Override
        void highTo(int value) {
            synchronized (highLock) {
                if (value >= low) {
                    high = value;
                }
            }
        }
    }

    static final class OneLockForARange extends Range {
        @Override
        synchronized void lowTo(int value) {
            if (value <= high) {
                low = value;
            }
        }

        @Override
        synchronized void highTo(int value) {
            if (value >= low) {
                high = value;
            }
        }
    }

    /** Two threads take the last element of a list. */
    abstract static class LastElement implements Shown {
        final List<Integer> list = Collections.synchronizedList(new ArrayList<>(List.of(1)));

        abstract void take();

        @Override
        public List<Actor> actors() {
            return List.of(this::take, this::take);
        }

        @Override
        public void invariant() {
            Require.that(list.isEmpty(), "the list is " + list);
        }
    }

    static final class TwoCalls extends LastElement {
        @Override
        void take() {
            if (!list.isEmpty()) {
                list.remove(0);
            }
        }
    }

    static final class TwoCallsUnderTheListsMonitor extends LastElement {
        @Override
        void take() {
            synchronized (list) {
                if (!list.isEmpty()) {
                    list.remove(0);
                }
            }
        }
    }

    /** A position of two numbers that are always equal. */
    abstract static class Position implements Shown {
        abstract void move();

        abstract void check();

        @Override
        public List<Actor> actors() {
            return List.of(this::move, this::check);
        }
    }

    static final class TwoAtomics extends Position {
        private final AtomicInteger x = new AtomicInteger();
        private final AtomicInteger y = new AtomicInteger();

        @Override
        void move() {
            x.incrementAndGet();
            y.incrementAndGet();
        }

        @Override
        void check() {
            Require.that(x.get() == y.get(), "the numbers differ");
        }
    }

    static final class OneReference extends Position {
        private final AtomicReference<Point> point = new AtomicReference<>(new Point(0, 0));

        private record Point(int x, int y) {}

        @Override
        void move() {
            point.updateAndGet(at -> new Point(at.x + 1, at.y + 1));
        }

        @Override
        void check() {
            Point at = point.get();
            Require.that(at.x == at.y, "the numbers differ");
        }
    }

    /** A lock is given up between the look and the change that relies on it. */
    abstract static class Withdrawal implements Shown {
        int balance = 10;

        abstract void withdraw();

        synchronized boolean isEnough() {
            return balance >= 10;
        }

        synchronized void take() {
            balance -= 10;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::withdraw, this::withdraw);
        }

        @Override
        public void invariant() {
            Require.that(balance == 0, "the balance is " + balance);
        }
    }

    static final class LooksUnderOneLockAndTakesUnderTheNext extends Withdrawal {
        @Override
        void withdraw() {
            if (isEnough()) {
                take();
            }
        }
    }

    static final class LooksAndTakesUnderOneLock extends Withdrawal {
        @Override
        synchronized void withdraw() {
            if (isEnough()) {
                take();
            }
        }
    }

    /** A stack without locks, whose nodes are used again: compare-and-set can't see that a node was away in between. */
    abstract static class Stack implements Shown {
        static final class Node {
            final String name;
            Node next;

            Node(String name, Node next) {
                this.name = name;
                this.next = next;
            }
        }

        final Node b = new Node("b", null);
        final Node a = new Node("a", b);

        abstract Node pop();

        abstract void push(Node node);

        abstract Node top();

        @Override
        public List<Actor> actors() {
            return List.of(this::pop, () -> {
                Node first = pop();
                Node second = pop();
                if (first == a && second == b) {
                    push(a);
                }
            });
        }

        @Override
        public void invariant() {
            Node top = top();
            Require.that(top == null || top == a && a.next == null, "a node that was taken is on the stack");
        }
    }

    static final class PlainStack extends Stack {
        private final AtomicReference<Node> top = new AtomicReference<>(a);

        @Override
        Node pop() {
            while (true) {
                Node node = top.get();
                if (node == null || top.compareAndSet(node, node.next)) {
                    return node;
                }
            }
        }

        @Override
        void push(Node node) {
            do {
                node.next = top.get();
            } while (!top.compareAndSet(node.next, node));
        }

        @Override
        Node top() {
            return top.get();
        }
    }

    static final class StampedStack extends Stack {
        private final AtomicStampedReference<Node> top = new AtomicStampedReference<>(a, 0);

        @Override
        Node pop() {
            while (true) {
                int[] stamp = new int[1];
                Node node = top.get(stamp);
                if (node == null || top.compareAndSet(node, node.next, stamp[0], stamp[0] + 1)) {
                    return node;
                }
            }
        }

        @Override
        void push(Node node) {
            int[] stamp = new int[1];
            do {
                node.next = top.get(stamp);
            } while (!top.compareAndSet(node.next, node, stamp[0], stamp[0] + 1));
        }

        @Override
        Node top() {
            return top.getReference();
        }
    }
}
