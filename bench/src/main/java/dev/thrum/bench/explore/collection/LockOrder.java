package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Locks that are acquired in different orders, kept, or held during a wait. */
// Much in it is wrong on purpose.
@SuppressWarnings("LockNotBeforeTry")
final class LockOrder {
    private LockOrder() {}

    /** Two accounts, each with its lock; one transfer in each direction. */
    abstract static class TwoAccounts implements Shown {
        static final class Account {
            final int number;
            final ReentrantLock lock = new ReentrantLock();
            int balance = 10;

            Account(int number) {
                this.number = number;
            }
        }

        private final Account one = new Account(1);
        private final Account other = new Account(2);

        abstract void transfer(Account from, Account to);

        static void locked(Account first, Account second, Account from, Account to) {
            first.lock.lock();
            try {
                second.lock.lock();
                try {
                    from.balance--;
                    to.balance++;
                } finally {
                    second.lock.unlock();
                }
            } finally {
                first.lock.unlock();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> transfer(one, other), () -> transfer(other, one));
        }

        @Override
        public void invariant() {
            Require.that(one.balance == 10 && other.balance == 10, "money is lost");
        }
    }

    static final class LocksByRole extends TwoAccounts {
        @Override
        void transfer(Account from, Account to) {
            locked(from, to, from, to);
        }
    }

    static final class LocksByNumber extends TwoAccounts {
        @Override
        void transfer(Account from, Account to) {
            locked(from.number < to.number ? from : to, from.number < to.number ? to : from, from, to);
        }
    }

    /** Three philosophers at a round table. */
    abstract static class Philosophers implements Shown {
        private final Object[] forks = {new Object(), new Object(), new Object()};
        private final int[] meals = new int[3];

        abstract int first(int seat);

        private void eat(int seat) {
            int first = first(seat);
            synchronized (forks[first]) {
                synchronized (forks[seat + (seat + 1) % 3 - first]) {
                    meals[seat]++;
                }
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> eat(0), () -> eat(1), () -> eat(2));
        }
    }

    static final class LeftForkFirst extends Philosophers {
        @Override
        int first(int seat) {
            return seat;
        }
    }

    static final class LowerForkFirst extends Philosophers {
        @Override
        int first(int seat) {
            return Math.min(seat, (seat + 1) % 3);
        }
    }

    /** An exception leaves a lock. */
    abstract static class Failing implements Shown {
        final ReentrantLock lock = new ReentrantLock();
        int count;

        abstract void use();

        void work() {
            if (count++ == 0) {
                throw new UnsupportedOperationException("the first use fails");
            }
        }

        @Override
        public List<Actor> actors() {
            Actor one = () -> {
                try {
                    use();
                } catch (UnsupportedOperationException e) {
                    Require.that(count > 0, "failed without a reason");
                }
            };
            return List.of(one, one);
        }
    }

    static final class KeepsLockAfterException extends Failing {
        @Override
        void use() {
            lock.lock();
            work();
            lock.unlock();
        }
    }

    static final class ReleasesLockAfterException extends Failing {
        @Override
        void use() {
            lock.lock();
            try {
                work();
            } finally {
                lock.unlock();
            }
        }
    }

    /** A model tells its view of a change, and the view asks the model. */
    abstract static class Callback implements Shown {
        final Object model = new Object();
        final Object view = new Object();
        int value;
        int shown;

        abstract void change();

        void show(int changed) {
            synchronized (view) {
                shown = changed;
            }
        }

        private void refresh() {
            synchronized (view) {
                synchronized (model) {
                    shown = value;
                }
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::change, this::refresh);
        }
    }

    static final class CallsUnderItsLock extends Callback {
        @Override
        void change() {
            synchronized (model) {
                value++;
                show(value);
            }
        }
    }

    static final class CallsAfterItsLock extends Callback {
        @Override
        void change() {
            int changed;
            synchronized (model) {
                value++;
                changed = value;
            }
            show(changed);
        }
    }

    /** Two readers that find that they must write. */
    abstract static class Upgrade implements Shown {
        final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        int value;

        abstract void fill();

        @Override
        public List<Actor> actors() {
            return List.of(this::fill, this::fill);
        }

        @Override
        public void invariant() {
            Require.that(value == 1, "filled " + value + " times");
        }
    }

    static final class WritesUnderTheReadLock extends Upgrade {
        @Override
        void fill() {
            lock.readLock().lock();
            try {
                if (value == 0) {
                    lock.writeLock().lock();
                    value++;
                    lock.writeLock().unlock();
                }
            } finally {
                lock.readLock().unlock();
            }
        }
    }

    static final class LooksAgainUnderTheWriteLock extends Upgrade {
        @Override
        void fill() {
            lock.readLock().lock();
            boolean isEmpty = value == 0;
            lock.readLock().unlock();
            if (isEmpty) {
                lock.writeLock().lock();
                try {
                    if (value == 0) {
                        value++;
                    }
                } finally {
                    lock.writeLock().unlock();
                }
            }
        }
    }

    /** The wait gives up the inner monitor, not the outer one. */
    abstract static class NestedWait implements Shown {
        final Object outer = new Object();
        final Object inner = new Object();
        boolean ready;

        abstract void take() throws InterruptedException;

        void await() throws InterruptedException {
            synchronized (inner) {
                while (!ready) {
                    inner.wait();
                }
            }
        }

        private void put() {
            synchronized (outer) {
                synchronized (inner) {
                    ready = true;
                    inner.notifyAll();
                }
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::take, this::put);
        }
    }

    static final class WaitsUnderTheOuterLock extends NestedWait {
        @Override
        void take() throws InterruptedException {
            synchronized (outer) {
                await();
            }
        }
    }

    static final class WaitsOutsideTheOuterLock extends NestedWait {
        @Override
        void take() throws InterruptedException {
            await();
            synchronized (outer) {
                Require.that(ready, "not ready");
            }
        }
    }

    /** A thread waits for the end of another one, which needs its lock. */
    abstract static class Joining implements Shown {
        final ReentrantLock lock = new ReentrantLock();
        int done;

        abstract void stop(Thread worker) throws InterruptedException;

        void work() {
            lock.lock();
            try {
                done++;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> stop(Thread.startVirtualThread(this::work)));
        }

        @Override
        public void invariant() {
            Require.that(done == 1, "the worker has not worked");
        }
    }

    static final class JoinsUnderTheLock extends Joining {
        @Override
        void stop(Thread worker) throws InterruptedException {
            lock.lock();
            try {
                worker.join();
            } finally {
                lock.unlock();
            }
        }
    }

    static final class JoinsWithoutTheLock extends Joining {
        @Override
        void stop(Thread worker) throws InterruptedException {
            lock.lock();
            lock.unlock();
            worker.join();
        }
    }
}
