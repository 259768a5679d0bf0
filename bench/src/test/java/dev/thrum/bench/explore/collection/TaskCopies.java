package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** Copies of structures about tasks, threads and their ends. */
final class TaskCopies {
    private TaskCopies() {}

    /** {@code Task}: run or withdrawn, whichever is first. */
    static final class Task extends Seeded {
        private final AtomicBoolean claimed = new AtomicBoolean();
        private final CompletableFuture<Integer> future = new CompletableFuture<>();
        private final AtomicInteger uses = new AtomicInteger();

        Task(String fault) {
            super(fault);
        }

        private boolean claim() {
            if (has("claim: looks, then claims")) {
                boolean isFree = !claimed.get();
                claimed.set(true);
                return isFree;
            }
            return claimed.compareAndSet(false, true);
        }

        private void run() {
            if (claim() || has("run: without a claim")) {
                uses.incrementAndGet();
                future.complete(1);
            }
        }

        private void withdraw() {
            if (claim()) {
                uses.incrementAndGet();
                if (!has("withdraw: future left open")) {
                    future.cancel(false);
                }
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::run, this::withdraw, () -> {
                int result = future.exceptionally(failure -> 1).join();
                Require.that(result == 1, "the result is " + result);
            });
        }

        @Override
        public void invariant() {
            Require.that(uses.get() == 1, "used " + uses.get() + " times");
        }
    }

    /** {@code Ledger}: the number of unfinished items, which is never too low. */
    static final class Ledger extends Seeded {
        private final AtomicInteger open = new AtomicInteger(1);
        private final LinkedBlockingQueue<Integer> items = new LinkedBlockingQueue<>(List.of(1));
        private final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicInteger worked = new AtomicInteger();

        Ledger(String fault) {
            super(fault);
        }

        private void end() {
            if (has("end: counts, then looks")) {
                open.decrementAndGet();
                if (open.get() == 0) {
                    close();
                }
            } else if (open.decrementAndGet() == 0) {
                close();
            }
        }

        private void close() {
            Require.that(ended.getCount() == 1, "ended twice");
            ended.countDown();
        }

        /** The first item makes another one. */
        private void work() throws InterruptedException {
            int item = items.take();
            if (item == 1) {
                if (has("work: ends, then sends")) {
                    worked.incrementAndGet();
                    end();
                    open.incrementAndGet();
                    items.add(2);
                    return;
                }
                if (has("work: sends, then counts")) {
                    items.add(2);
                    open.incrementAndGet();
                } else {
                    open.incrementAndGet();
                    items.add(2);
                }
            }
            worked.incrementAndGet();
            end();
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::work, this::work, () -> {
                ended.await();
                Require.that(worked.get() == 2, "ended after " + worked.get() + " of 2 items");
            });
        }
    }

    /** {@code NamedLock.lockAll}: oldest first. */
    static final class LockAll extends Seeded {
        private final ReentrantLock[] locks = {new ReentrantLock(), new ReentrantLock()};
        private int count;

        LockAll(String fault) {
            super(fault);
        }

        private void use(int one, int other) {
            int first = has("lockAll: in the order of the arguments") ? one : Math.min(one, other);
            ReentrantLock second = locks[one + other - first];
            locks[first].lock();
            if (!has("lockAll: only the first")) {
                second.lock();
            }
            try {
                count++;
            } finally {
                if (second.isHeldByCurrentThread()) {
                    second.unlock();
                }
                locks[first].unlock();
            }
        }

        private void useOne() {
            locks[1].lock();
            count++;
            if (!has("close: not released")) {
                locks[1].unlock();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> use(0, 1), () -> use(1, 0), this::useOne);
        }

        @Override
        public void invariant() {
            Require.that(count == 3, "count is " + count);
        }
    }

    /** {@code TimedWait}: either the timer or the end of the wait comes first, and an interrupt of the timer is used up. */
    static final class TimedWait extends Seeded {
        private enum State {
            WAITING,
            EXPIRED,
            INTERRUPTED,
            ENDED
        }

        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private final CountDownLatch latch = new CountDownLatch(1);
        private volatile Thread waiter;
        private volatile boolean left;

        TimedWait(String fault) {
            super(fault);
        }

        private void await() {
            waiter = Thread.currentThread();
            try {
                latch.await();
                if (hasExpired() && !has("await: interrupt is left")) {
                    boolean _ = Thread.interrupted();
                }
            } catch (InterruptedException e) {
                Require.that(hasExpired(), "interrupted by another thread");
            }
            left = Thread.currentThread().isInterrupted();
        }

        private void expire() {
            Thread interrupts = waiter;
            if (interrupts == null) {
                return;
            }
            if (has("expire: interrupts, then says so")) {
                interrupts.interrupt();
                state.compareAndSet(State.WAITING, State.INTERRUPTED);
            } else if (has("expire: no compare-and-set")) {
                if (state.get() == State.WAITING) {
                    state.set(State.EXPIRED);
                    interrupts.interrupt();
                    state.set(State.INTERRUPTED);
                }
            } else if (state.compareAndSet(State.WAITING, State.EXPIRED)) {
                interrupts.interrupt();
                state.set(State.INTERRUPTED);
            }
        }

        private boolean hasExpired() {
            if (state.compareAndSet(State.WAITING, State.ENDED)) {
                return false;
            }
            while (state.get() != State.INTERRUPTED && !has("await: does not wait for the interrupt")) {
                Thread.onSpinWait();
            }
            return true;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::await, this::expire, latch::countDown);
        }

        @Override
        public void invariant() {
            Require.that(!left, "an interrupt is left over");
        }
    }

    /** {@code DatabaseExecutor.idle}: a thread is started if more calls wait than threads. */
    static final class Executor extends Seeded {
        private static final int STOP = 0;
        private final LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        private final AtomicInteger idle = new AtomicInteger();
        private final CountDownLatch second = new CountDownLatch(1);
        private int threads;

        Executor(String fault) {
            super(fault);
        }

        private void offer(int call) {
            if (has("offer: looks, then adds")) {
                growIfShort();
                queue.add(call);
            } else {
                queue.add(call);
                growIfShort();
            }
        }

        private void growIfShort() {
            if (queue.size() > idle.get()) {
                synchronized (this) {
                    if (threads < 2) {
                        threads++;
                        Thread.startVirtualThread(this::serve);
                    }
                }
            }
        }

        private int take() throws InterruptedException {
            idle.incrementAndGet();
            int call = queue.take();
            if (!has("take: stays idle")) {
                idle.decrementAndGet();
            }
            return call;
        }

        /** Call 1 waits for call 2, so that both need a thread. */
        private void serve() {
            try {
                for (int call = take(); call != STOP; call = take()) {
                    if (!has("serve: does not look after it has taken")) {
                        growIfShort();
                    }
                    if (call == 1) {
                        second.await();
                    } else {
                        second.countDown();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                offer(1);
                offer(2);
                second.await();
                queue.add(STOP);
                queue.add(STOP);
            });
        }
    }
}
