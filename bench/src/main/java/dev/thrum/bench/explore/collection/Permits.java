package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.concurrent.Semaphore;

/** Semaphores whose permits are lost, made up, or collected one by one. */
final class Permits {
    private Permits() {}

    /** A task that fails once. */
    abstract static class FailingTask implements Shown {
        final Semaphore permits = new Semaphore(1);
        private int runs;

        abstract void run() throws InterruptedException;

        boolean work() {
            return runs++ > 0;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::run, this::run);
        }
    }

    static final class KeepsPermitOnFailure extends FailingTask {
        @Override
        void run() throws InterruptedException {
            permits.acquire();
            if (work()) {
                permits.release();
            }
        }
    }

    static final class ReleasesPermitOnFailure extends FailingTask {
        @Override
        void run() throws InterruptedException {
            permits.acquire();
            try {
                work();
            } finally {
                permits.release();
            }
        }
    }

    /** At most one thread is inside; one that does not want to wait stays outside. */
    abstract static class OneInside implements Shown {
        final Semaphore permits = new Semaphore(1);
        private int inside;

        abstract void tries();

        void visit() {
            inside++;
            Require.that(inside == 1, "two are inside");
            inside--;
        }

        private void enters() throws InterruptedException {
            permits.acquire();
            try {
                visit();
            } finally {
                permits.release();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::tries, this::enters, this::enters);
        }

        @Override
        public void invariant() {
            Require.that(permits.availablePermits() == 1, permits.availablePermits() + " permits");
        }
    }

    static final class ReleasesWhatItHasNot extends OneInside {
        @Override
        void tries() {
            try {
                if (permits.tryAcquire()) {
                    visit();
                }
            } finally {
                permits.release();
            }
        }
    }

    static final class ReleasesWhatItHas extends OneInside {
        @Override
        void tries() {
            if (permits.tryAcquire()) {
                try {
                    visit();
                } finally {
                    permits.release();
                }
            }
        }
    }

    /** Each of two threads needs both permits. */
    abstract static class Both implements Shown {
        final Semaphore permits = new Semaphore(2);

        abstract void acquire() throws InterruptedException;

        @Override
        public List<Actor> actors() {
            Actor one = () -> {
                acquire();
                permits.release(2);
            };
            return List.of(one, one);
        }
    }

    static final class OneByOne extends Both {
        @Override
        void acquire() throws InterruptedException {
            permits.acquire();
            permits.acquire();
        }
    }

    static final class BothAtOnce extends Both {
        @Override
        void acquire() throws InterruptedException {
            permits.acquire(2);
        }
    }

    /** A thread is interrupted while it waits for its permit. */
    abstract static class InterruptedAcquisition implements Shown {
        final Semaphore permits = new Semaphore(1);
        private volatile Thread waiter;

        abstract void use() throws InterruptedException;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        waiter = Thread.currentThread();
                        try {
                            use();
                        } catch (InterruptedException e) {
                            waiter = null;
                        }
                    },
                    () -> {
                        permits.acquireUninterruptibly();
                        Thread interrupted = waiter;
                        if (interrupted != null) {
                            interrupted.interrupt();
                        }
                        permits.release();
                    });
        }

        @Override
        public void invariant() {
            Require.that(permits.availablePermits() == 1, permits.availablePermits() + " permits");
        }
    }

    static final class AcquiresWithinTry extends InterruptedAcquisition {
        @Override
        void use() throws InterruptedException {
            try {
                permits.acquire();
            } finally {
                permits.release();
            }
        }
    }

    static final class AcquiresBeforeTry extends InterruptedAcquisition {
        @Override
        void use() throws InterruptedException {
            permits.acquire();
            permits.release();
        }
    }
}
