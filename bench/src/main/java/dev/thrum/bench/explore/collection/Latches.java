package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;

/** Latches and barriers: counted down too early, too seldom, or used again too soon. */
final class Latches {
    private Latches() {}

    /** A thread waits until two others have worked. */
    abstract static class TwoWorkers implements Shown {
        final CountDownLatch done = new CountDownLatch(2);
        final int[] results = new int[2];

        abstract void work(int number);

        @Override
        public List<Actor> actors() {
            return List.of(() -> work(0), () -> work(1), () -> {
                done.await();
                Require.that(results[0] + results[1] == 2, "a result is missing");
            });
        }
    }

    static final class CountsDownThenWorks extends TwoWorkers {
        @Override
        void work(int number) {
            done.countDown();
            results[number] = 1;
        }
    }

    static final class WorksThenCountsDown extends TwoWorkers {
        @Override
        void work(int number) {
            results[number] = 1;
            done.countDown();
        }
    }

    /** A worker finds that the other one has done the work already. */
    abstract static class EarlyReturn implements Shown {
        final CountDownLatch done = new CountDownLatch(2);
        volatile boolean worked;

        abstract void work();

        @Override
        public List<Actor> actors() {
            return List.of(this::work, this::work, done::await);
        }
    }

    static final class ReturnsWithoutCounting extends EarlyReturn {
        @Override
        void work() {
            if (worked) {
                return;
            }
            worked = true;
            done.countDown();
        }
    }

    static final class CountsWhateverHappens extends EarlyReturn {
        @Override
        void work() {
            try {
                if (!worked) {
                    worked = true;
                }
            } finally {
                done.countDown();
            }
        }
    }

    /** Two threads meet; the barrier is for as many as its argument says. */
    abstract static class Meeting implements Shown {
        private final CyclicBarrier barrier;
        private final boolean[] here = new boolean[2];

        Meeting(int parties) {
            barrier = new CyclicBarrier(parties);
        }

        private void meet(int me) throws Exception {
            here[me] = true;
            barrier.await();
            Require.that(here[1 - me], "the other one is not here");
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> meet(0), () -> meet(1));
        }
    }

    static final class BarrierForThree extends Meeting {
        BarrierForThree() {
            super(3);
        }
    }

    static final class BarrierForOne extends Meeting {
        BarrierForOne() {
            super(1);
        }
    }

    static final class BarrierForTwo extends Meeting {
        BarrierForTwo() {
            super(2);
        }
    }

    /** Two rounds at a barrier made of a monitor: the fast thread comes back before the slow one has left. */
    abstract static class TwoRounds implements Shown {
        int arrived;
        final int[] round = new int[2];

        abstract void await() throws InterruptedException;

        private void go(int me) throws InterruptedException {
            for (int i = 1; i <= 2; i++) {
                round[me] = i;
                await();
                Require.that(round[1 - me] >= i, "the other one is behind");
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> go(0), () -> go(1));
        }
    }

    static final class CountsArrivals extends TwoRounds {
        @Override
        synchronized void await() throws InterruptedException {
            arrived++;
            if (arrived == 2) {
                arrived = 0;
                notifyAll();
            }
            while (arrived == 1) {
                wait();
            }
        }
    }

    static final class CountsRounds extends TwoRounds {
        private int generation;

        @Override
        synchronized void await() throws InterruptedException {
            int mine = generation;
            arrived++;
            if (arrived == 2) {
                arrived = 0;
                generation++;
                notifyAll();
            }
            while (mine == generation) {
                wait();
            }
        }
    }

    /** A starting signal for two, who must both be waiting for it by then. */
    abstract static class Start implements Shown {
        final CountDownLatch ready = new CountDownLatch(2);
        final CountDownLatch start = new CountDownLatch(1);
        private volatile int prepared;

        abstract void awaitReady() throws InterruptedException;

        private synchronized void prepare() {
            prepared++;
        }

        private void runner() throws InterruptedException {
            prepare();
            ready.countDown();
            start.await();
            Require.that(prepared == 2, "started before all were prepared");
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::runner, this::runner, () -> {
                awaitReady();
                start.countDown();
            });
        }
    }

    static final class StartsAtOnce extends Start {
        @Override
        void awaitReady() {
            Require.that(start.getCount() == 1, "started before");
        }
    }

    static final class StartsWhenReady extends Start {
        @Override
        void awaitReady() throws InterruptedException {
            ready.await();
        }
    }
}
