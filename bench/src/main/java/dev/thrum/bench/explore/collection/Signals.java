package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that wait for others, and are woken too early, too late, or not at all. */
// Much in it is wrong on purpose.
@SuppressWarnings("WaitNotInLoop")
final class Signals {
    private Signals() {}

    /** Waits until a number is there, which another thread puts. */
    abstract static class Handover implements Shown {
        final ReentrantLock lock = new ReentrantLock();
        final Condition changed = lock.newCondition();
        int items;

        abstract void put();

        void take() throws InterruptedException {
            lock.lock();
            try {
                while (items == 0) {
                    changed.await();
                }
                items--;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::take, this::put);
        }

        @Override
        public void invariant() {
            Require.that(items == 0, items + " items are left");
        }
    }

    static final class DoesNotSignal extends Handover {
        @Override
        void put() {
            lock.lock();
            try {
                items++;
            } finally {
                lock.unlock();
            }
        }
    }

    static final class DoesSignal extends Handover {
        @Override
        void put() {
            lock.lock();
            try {
                items++;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    /** The change comes after the lock under which the signal was given. */
    static final class SignalsThenChanges extends Handover {
        @Override
        void put() {
            lock.lock();
            try {
                changed.signal();
            } finally {
                lock.unlock();
            }
            lock.lock();
            try {
                items++;
            } finally {
                lock.unlock();
            }
        }
    }

    static final class ChangesThenSignals extends Handover {
        @Override
        void put() {
            lock.lock();
            try {
                items++;
            } finally {
                lock.unlock();
            }
            lock.lock();
            try {
                changed.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits without a look whether there is something to wait for. */
    static final class WaitsWithoutLooking extends Handover {
        @Override
        void put() {
            lock.lock();
            try {
                items++;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        void take() throws InterruptedException {
            lock.lock();
            try {
                changed.await();
                items--;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Two takers and two items, one after the other, with a monitor. */
    abstract static class TwoTakers implements Shown {
        int items;

        abstract void take() throws InterruptedException;

        synchronized void put() {
            items++;
            notifyAll();
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::take, this::take, () -> {
                put();
                put();
            });
        }

        @Override
        public void invariant() {
            Require.that(items == 0, items + " items are left");
        }
    }

    static final class IfForWhile extends TwoTakers {
        @Override
        synchronized void take() throws InterruptedException {
            if (items == 0) {
                wait();
            }
            Require.that(items > 0, "nothing to take");
            items--;
        }
    }

    static final class While extends TwoTakers {
        @Override
        synchronized void take() throws InterruptedException {
            while (items == 0) {
                wait();
            }
            items--;
        }
    }

    /** Two threads wait at one monitor for different things. */
    abstract static class TwoReasons implements Shown {
        private boolean first;
        private boolean second;

        abstract void wake();

        private synchronized void awaitFirst() throws InterruptedException {
            while (!first) {
                wait();
            }
        }

        private synchronized void awaitSecond() throws InterruptedException {
            while (!second) {
                wait();
            }
            first = true;
            notifyAll();
        }

        private synchronized void setSecond() {
            second = true;
            wake();
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::awaitFirst, this::awaitSecond, this::setSecond);
        }
    }

    static final class NotifiesOne extends TwoReasons {
        @Override
        synchronized void wake() {
            notify();
        }
    }

    static final class NotifiesAll extends TwoReasons {
        @Override
        synchronized void wake() {
            notifyAll();
        }
    }

    /** A buffer with room for one and a condition for each side. */
    abstract static class Buffer implements Shown {
        final ReentrantLock lock = new ReentrantLock();
        final Condition item = lock.newCondition();
        final Condition room = lock.newCondition();
        private int items;

        abstract Condition afterTake();

        private void put() throws InterruptedException {
            lock.lock();
            try {
                while (items == 1) {
                    room.await();
                }
                items++;
                item.signal();
            } finally {
                lock.unlock();
            }
        }

        private void take() throws InterruptedException {
            lock.lock();
            try {
                while (items == 0) {
                    item.await();
                }
                items--;
                afterTake().signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        put();
                        put();
                    },
                    () -> {
                        take();
                        take();
                    });
        }
    }

    static final class WrongCondition extends Buffer {
        @Override
        Condition afterTake() {
            return item;
        }
    }

    static final class RightCondition extends Buffer {
        @Override
        Condition afterTake() {
            return room;
        }
    }

    /** A thread parks until it is told to go on. */
    abstract static class Parking implements Shown {
        volatile boolean ready;
        volatile Thread waiter;

        abstract void await();

        @Override
        public List<Actor> actors() {
            return List.of(this::await, () -> {
                ready = true;
                Thread wakes = waiter;
                if (wakes != null) {
                    LockSupport.unpark(wakes);
                }
            });
        }
    }

    static final class LooksThenAnnounces extends Parking {
        @Override
        void await() {
            if (!ready) {
                waiter = Thread.currentThread();
                LockSupport.park();
            }
        }
    }

    static final class AnnouncesThenLooks extends Parking {
        @Override
        void await() {
            waiter = Thread.currentThread();
            while (!ready) {
                LockSupport.park();
            }
        }
    }

    /** One signal for two waiters that may both go on. */
    abstract static class Gate implements Shown {
        final ReentrantLock lock = new ReentrantLock();
        final Condition opened = lock.newCondition();
        private boolean open;

        abstract void wake();

        private void pass() throws InterruptedException {
            lock.lock();
            try {
                while (!open) {
                    opened.await();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::pass, this::pass, () -> {
                lock.lock();
                try {
                    open = true;
                    wake();
                } finally {
                    lock.unlock();
                }
            });
        }
    }

    static final class SignalsOneOfTwo extends Gate {
        @Override
        void wake() {
            opened.signal();
        }
    }

    static final class SignalsBoth extends Gate {
        @Override
        void wake() {
            opened.signalAll();
        }
    }
}
