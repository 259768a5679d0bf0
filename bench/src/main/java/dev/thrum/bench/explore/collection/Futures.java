package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Futures that nobody completes, or two do, and pools that are full, empty or closed. */
final class Futures {
    private Futures() {}

    /** Two threads complete a future; the one that does notes its value. */
    abstract static class TwoCompletions implements Shown {
        final CompletableFuture<Integer> future = new CompletableFuture<>();
        volatile int noted;

        abstract void complete(int value);

        @Override
        public List<Actor> actors() {
            return List.of(() -> complete(1), () -> complete(2));
        }

        @Override
        public void invariant() {
            Require.that(future.join() == noted, "noted " + noted);
        }
    }

    static final class LooksWhetherDone extends TwoCompletions {
        @Override
        void complete(int value) {
            if (!future.isDone()) {
                boolean _ = future.complete(value);
                noted = value;
            }
        }
    }

    static final class AsksWhoCompleted extends TwoCompletions {
        @Override
        void complete(int value) {
            if (future.complete(value)) {
                noted = value;
            }
        }
    }

    /** A task waits for another task of the same pool. */
    abstract static class TaskWithinTask implements Shown {
        private final int threads;
        private int result;

        TaskWithinTask(int threads) {
            this.threads = threads;
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                ExecutorService pool = Executors.newFixedThreadPool(threads);
                result = pool.submit(() -> pool.submit(() -> 7).get()).get();
                pool.shutdown();
            });
        }

        @Override
        public void invariant() {
            Require.that(result == 7, "the result is " + result);
        }
    }

    static final class PoolOfOne extends TaskWithinTask {
        PoolOfOne() {
            super(1);
        }
    }

    static final class PoolOfTwo extends TaskWithinTask {
        PoolOfTwo() {
            super(2);
        }
    }

    /** A worker completes a future; its work fails if the other thread was first. */
    abstract static class FailingWork implements Shown {
        final CompletableFuture<Integer> future = new CompletableFuture<>();
        private volatile boolean closed;

        abstract void run();

        int work() {
            if (closed) {
                throw new UnsupportedOperationException("closed");
            }
            return 7;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::run, () -> closed = true, () -> {
                int result = future.exceptionally(failure -> 7).join();
                Require.that(result == 7, "the result is " + result);
            });
        }
    }

    static final class ForgetsTheFuture extends FailingWork {
        @Override
        void run() {
            try {
                future.complete(work());
            } catch (UnsupportedOperationException e) {
                Require.that(!future.isDone(), "completed before");
            }
        }
    }

    static final class FailsTheFuture extends FailingWork {
        @Override
        void run() {
            try {
                future.complete(work());
            } catch (UnsupportedOperationException e) {
                future.completeExceptionally(e);
            }
        }
    }

    /** A task is submitted while the pool is shut down: it runs in any case. */
    abstract static class Shutdown implements Shown {
        final ExecutorService pool =
                Executors.newFixedThreadPool(1, Thread.ofVirtual().factory());
        final AtomicInteger runs = new AtomicInteger();

        abstract void submit();

        @Override
        public List<Actor> actors() {
            return List.of(this::submit, pool::shutdown);
        }

        @Override
        public void invariant() {
            Require.that(runs.get() == 1, "ran " + runs.get() + " times");
        }
    }

    static final class LooksWhetherShutDown extends Shutdown {
        @Override
        void submit() {
            if (pool.isShutdown()) {
                runs.incrementAndGet();
            } else {
                pool.execute(runs::incrementAndGet);
            }
        }
    }

    static final class RunsWhatIsRejected extends Shutdown {
        @Override
        void submit() {
            try {
                pool.execute(runs::incrementAndGet);
            } catch (RejectedExecutionException e) {
                runs.incrementAndGet();
            }
        }
    }

    /** A task is withdrawn while a worker begins it: one of the two has it. */
    abstract static class Withdrawn implements Shown {
        final CompletableFuture<Integer> future = new CompletableFuture<>();
        private boolean withdrawn;
        volatile boolean ran;

        abstract boolean claim();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        if (claim()) {
                            ran = true;
                            future.complete(7);
                        }
                    },
                    () -> {
                        if (claim()) {
                            withdrawn = true;
                            future.completeExceptionally(new CancellationException());
                        }
                    });
        }

        @Override
        public void invariant() {
            Require.that(ran != withdrawn, ran ? "withdrawn and run" : "neither withdrawn nor run");
        }
    }

    static final class ClaimsByTheFuture extends Withdrawn {
        @Override
        boolean claim() {
            return !future.isDone();
        }
    }

    static final class ClaimsByCompareAndSet extends Withdrawn {
        private final AtomicBoolean claimed = new AtomicBoolean();

        @Override
        boolean claim() {
            return claimed.compareAndSet(false, true);
        }
    }

    /** Results of two tasks of a pool, put together by the tasks. */
    abstract static class Sum implements Shown {
        abstract void add();

        abstract int sum();

        @Override
        public List<Actor> actors() {
            return List.of(() -> CompletableFuture.allOf(
                            CompletableFuture.runAsync(this::add), CompletableFuture.runAsync(this::add))
                    .join());
        }

        @Override
        public void invariant() {
            Require.that(sum() == 2, "the sum is " + sum());
        }
    }

    static final class PlainSum extends Sum {
        private int sum;

        @Override
        void add() {
            sum++;
        }

        @Override
        int sum() {
            return sum;
        }
    }

    static final class AtomicSum extends Sum {
        private final AtomicInteger sum = new AtomicInteger();

        @Override
        void add() {
            sum.incrementAndGet();
        }

        @Override
        int sum() {
            return sum.get();
        }
    }
}
