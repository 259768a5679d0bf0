package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waits that end because the time is over. */
// Much in it is wrong on purpose.
@SuppressWarnings({"ThreadPriorityCheck", "WaitNotInLoop"})
final class TimeLimits {
    private TimeLimits() {}

    /** A thread waits a second for a result that comes after a second. */
    abstract static class Late implements Shown {
        final CountDownLatch done = new CountDownLatch(1);
        volatile Integer result;

        abstract void use() throws InterruptedException;

        @Override
        public List<Actor> actors() {
            return List.of(this::use, () -> {
                Thread.sleep(1000);
                result = 7;
                done.countDown();
            });
        }
    }

    static final class IgnoresTheTimeout extends Late {
        @Override
        void use() throws InterruptedException {
            boolean _ = done.await(1, TimeUnit.SECONDS);
            Require.that(result == 7, "a wrong result");
        }
    }

    static final class HeedsTheTimeout extends Late {
        @Override
        void use() throws InterruptedException {
            if (done.await(1, TimeUnit.SECONDS)) {
                Require.that(result == 7, "a wrong result");
            }
        }
    }

    /** A lock that was not obtained in time. */
    abstract static class TimedLock implements Shown {
        final ReentrantLock lock = new ReentrantLock();

        abstract void tries() throws InterruptedException;

        @Override
        public List<Actor> actors() {
            return List.of(this::tries, () -> {
                lock.lock();
                try {
                    Thread.sleep(5);
                } finally {
                    lock.unlock();
                }
            });
        }
    }

    static final class UnlocksWhatItHasNot extends TimedLock {
        @Override
        void tries() throws InterruptedException {
            try {
                boolean _ = lock.tryLock(1, TimeUnit.MILLISECONDS);
            } finally {
                lock.unlock();
            }
        }
    }

    static final class UnlocksWhatItHas extends TimedLock {
        @Override
        void tries() throws InterruptedException {
            if (lock.tryLock(1, TimeUnit.MILLISECONDS)) {
                lock.unlock();
            }
        }
    }

    /** The limit is for the whole wait, whatever wakes it in between. */
    abstract static class WholeWait implements Shown {
        final ReentrantLock lock = new ReentrantLock();
        final Condition changed = lock.newCondition();
        volatile boolean ready;
        private long waited;

        abstract void await(long nanos) throws InterruptedException;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        long begun = System.nanoTime();
                        await(TimeUnit.MILLISECONDS.toNanos(10));
                        waited = System.nanoTime() - begun;
                    },
                    () -> {
                        Thread.sleep(6);
                        lock.lock();
                        try {
                            changed.signalAll();
                        } finally {
                            lock.unlock();
                        }
                    });
        }

        @Override
        public void invariant() {
            Require.that(waited <= TimeUnit.MILLISECONDS.toNanos(10), "has waited " + waited + " ns");
        }
    }

    static final class StartsAgain extends WholeWait {
        @Override
        void await(long nanos) throws InterruptedException {
            lock.lock();
            try {
                while (!ready && changed.await(nanos, TimeUnit.NANOSECONDS)) {
                    Require.that(!ready, "is ready");
                }
            } finally {
                lock.unlock();
            }
        }
    }

    static final class WaitsTheRest extends WholeWait {
        @Override
        void await(long nanos) throws InterruptedException {
            lock.lock();
            try {
                long left = nanos;
                while (!ready && left > 0) {
                    left = changed.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** A response that comes after its request has been given up must not be taken for that of the next one. */
    abstract static class Response implements Shown {
        private int arrived;
        private int taken;

        abstract boolean isFor(int response, int request);

        private synchronized void respond(int to) {
            arrived = to;
            notifyAll();
        }

        private synchronized void request(int number, long limit) throws InterruptedException {
            if (!isFor(arrived, number)) {
                wait(limit);
            }
            if (isFor(arrived, number)) {
                taken = arrived;
                arrived = 0;
                Require.that(taken == number, "request " + number + " gets response " + taken);
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        request(1, 1);
                        request(2, 9);
                    },
                    () -> {
                        Thread.sleep(1);
                        respond(1);
                        Thread.sleep(1);
                        respond(2);
                    });
        }
    }

    static final class TakesAnyResponse extends Response {
        @Override
        boolean isFor(int response, int request) {
            return response != 0;
        }
    }

    static final class TakesItsOwnResponse extends Response {
        @Override
        boolean isFor(int response, int request) {
            return response == request;
        }
    }

    /** A putter gives up although its item has been taken, and puts it again. */
    abstract static class HandOff implements Shown {
        int item;
        private int taken;

        abstract boolean isTaken(boolean inTime);

        private synchronized void put() throws InterruptedException {
            item = 1;
            notifyAll();
            long end = System.nanoTime() + 1_000_000;
            long left = 1;
            while (item != 0 && left > 0) {
                wait(left);
                left = end - System.nanoTime();
            }
            if (!isTaken(left > 0)) {
                item = 0;
                taken++;
            }
        }

        private void take() throws InterruptedException {
            Thread.sleep(1);
            synchronized (this) {
                if (item != 0) {
                    item = 0;
                    taken++;
                    notifyAll();
                }
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::put, this::take);
        }

        @Override
        public void invariant() {
            Require.that(taken == 1, "the item was used " + taken + " times");
        }
    }

    static final class LooksAtTheClock extends HandOff {
        @Override
        boolean isTaken(boolean inTime) {
            return inTime;
        }
    }

    static final class LooksAtTheItem extends HandOff {
        @Override
        boolean isTaken(boolean inTime) {
            return item == 0;
        }
    }

    /** A thread sleeps for as long as another one will surely need: found only if sleeps may end at any moment. */
    abstract static class Surely implements Shown {
        final CountDownLatch done = new CountDownLatch(1);
        private volatile int result;

        abstract void await() throws InterruptedException;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        await();
                        Require.that(result == 7, "no result yet");
                    },
                    () -> {
                        result = 7;
                        done.countDown();
                    });
        }
    }

    static final class SleepsUntilItIsDone extends Surely {
        @Override
        void await() throws InterruptedException {
            Thread.sleep(1000);
        }
    }

    static final class AwaitsThatItIsDone extends Surely {
        @Override
        void await() throws InterruptedException {
            while (!done.await(1, TimeUnit.SECONDS)) {
                Thread.yield();
            }
        }
    }
}
