package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Something is closed while others use it. */
// Much in it is wrong on purpose.
@SuppressWarnings("NonAtomicVolatileUpdate")
final class Closing {
    private Closing() {}

    /** A resource that must not be used once it is freed. */
    abstract static class Resource implements Shown {
        volatile boolean closed;
        volatile int freed;

        abstract void use();

        abstract void close();

        void touch() {
            Require.that(freed == 0, "used after it was freed");
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::use, this::close);
        }

        @Override
        public void invariant() {
            Require.that(freed == 1, "freed " + freed + " times");
        }
    }

    static final class LooksThenUses extends Resource {
        @Override
        void use() {
            if (!closed) {
                touch();
            }
        }

        @Override
        void close() {
            closed = true;
            freed++;
        }
    }

    static final class CountsUsers extends Resource {
        private final AtomicInteger users = new AtomicInteger(1);

        @Override
        void use() {
            int before = users.get();
            while (before > 0) {
                if (users.compareAndSet(before, before + 1)) {
                    touch();
                    leave();
                    return;
                }
                before = users.get();
            }
        }

        private void leave() {
            if (users.decrementAndGet() == 0) {
                freed++;
            }
        }

        @Override
        void close() {
            leave();
        }
    }

    /** Two threads close. */
    abstract static class TwoCloses implements Shown {
        boolean closed;
        int freed;

        abstract void close();

        @Override
        public List<Actor> actors() {
            return List.of(this::close, this::close);
        }

        @Override
        public void invariant() {
            Require.that(freed == 1, "freed " + freed + " times");
        }
    }

    static final class ClosesTwice extends TwoCloses {
        @Override
        void close() {
            if (!closed) {
                closed = true;
                free();
            }
        }

        private synchronized void free() {
            freed++;
        }
    }

    static final class ClosesOnce extends TwoCloses {
        @Override
        synchronized void close() {
            if (!closed) {
                closed = true;
                freed++;
            }
        }
    }

    /** What is registered is released at the end, or not registered. */
    abstract static class Registration implements Shown {
        final Queue<Integer> registered = new ConcurrentLinkedQueue<>();
        final AtomicInteger released = new AtomicInteger();
        volatile boolean ended;

        abstract void register();

        void releaseAll() {
            while (registered.poll() != null) {
                released.incrementAndGet();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::register, () -> {
                ended = true;
                releaseAll();
            });
        }

        @Override
        public void invariant() {
            Require.that(registered.isEmpty(), "registered for ever");
        }
    }

    static final class LooksThenAdds extends Registration {
        @Override
        void register() {
            if (!ended) {
                registered.add(1);
            }
        }
    }

    static final class AddsThenLooks extends Registration {
        @Override
        void register() {
            registered.add(1);
            if (ended) {
                releaseAll();
            }
        }
    }

    /** Takers wait for an item or the end. */
    abstract static class Takers implements Shown {
        final ReentrantLock lock = new ReentrantLock();
        final Condition changed = lock.newCondition();
        private boolean closed;

        abstract void wake();

        private void take() throws InterruptedException {
            lock.lock();
            try {
                while (!closed) {
                    changed.await();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::take, this::take, () -> {
                lock.lock();
                try {
                    closed = true;
                    wake();
                } finally {
                    lock.unlock();
                }
            });
        }
    }

    static final class CloseWakesOne extends Takers {
        @Override
        void wake() {
            changed.signal();
        }
    }

    static final class CloseWakesAll extends Takers {
        @Override
        void wake() {
            changed.signalAll();
        }
    }

    /** The last of two users frees. */
    abstract static class LastUser implements Shown {
        final AtomicInteger users = new AtomicInteger(2);
        final AtomicInteger freed = new AtomicInteger();

        abstract void leave();

        @Override
        public List<Actor> actors() {
            return List.of(this::leave, this::leave);
        }

        @Override
        public void invariant() {
            Require.that(freed.get() == 1, "freed " + freed.get() + " times");
        }
    }

    static final class CountsThenLooks extends LastUser {
        @Override
        void leave() {
            users.decrementAndGet();
            if (users.get() == 0) {
                freed.incrementAndGet();
            }
        }
    }

    static final class LooksAtItsOwnCount extends LastUser {
        @Override
        void leave() {
            if (users.decrementAndGet() == 0) {
                freed.incrementAndGet();
            }
        }
    }
}
