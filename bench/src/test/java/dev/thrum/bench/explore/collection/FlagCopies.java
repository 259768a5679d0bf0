package dev.thrum.bench.explore.collection;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Copies of structures in which a thread adds and then looks, so that one of two threads sees the other. */
final class FlagCopies {
    private FlagCopies() {}

    /** {@code DescriptorRefs}: how many threads use a descriptor, and whether it is to be closed. */
    static final class Refs extends Seeded {
        private static final int CLOSED = Integer.MIN_VALUE;
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger freed = new AtomicInteger();

        Refs(String fault) {
            super(fault);
        }

        private boolean enter() {
            int before = inside.get();
            if (has("enter: no compare-and-set")) {
                inside.set(before + 1);
                return before >= 0;
            }
            while (before >= 0 && !inside.compareAndSet(before, before + 1)) {
                before = inside.get();
            }
            return before >= 0;
        }

        private boolean leave() {
            int after = inside.decrementAndGet();
            return has("leave: never closes") ? after == Integer.MAX_VALUE : after == CLOSED;
        }

        private boolean close() {
            if (has("close: does not check whether anyone is inside")) {
                inside.getAndAdd(CLOSED);
                return true;
            }
            if (has("close: looks, then closes")) {
                boolean isFree = inside.get() == 0;
                inside.getAndAdd(CLOSED);
                return isFree;
            }
            return inside.getAndAdd(CLOSED) == 0;
        }

        private void use() {
            if (enter()) {
                Require.that(freed.get() == 0, "used after it was freed");
                if (leave()) {
                    freed.incrementAndGet();
                }
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::use, this::use, () -> {
                if (close()) {
                    freed.incrementAndGet();
                }
            });
        }

        @Override
        public void invariant() {
            Require.that(freed.get() == 1, "freed " + freed.get() + " times");
        }
    }

    /** {@code OpenFilePool}: files that are kept for the next user, until the pool is retired. */
    static final class FilePool extends Seeded {
        private final Queue<Integer> idle = new ConcurrentLinkedQueue<>();
        private final AtomicInteger room = new AtomicInteger(1);
        private final AtomicInteger closed = new AtomicInteger();
        private volatile boolean retired;

        FilePool(String fault) {
            super(fault);
        }

        private void give(int file) {
            if (has("give: room is looked at, then taken")) {
                if (room.get() <= 0) {
                    closed.incrementAndGet();
                    return;
                }
                room.decrementAndGet();
            } else if (room.getAndDecrement() <= 0) {
                room.incrementAndGet();
                closed.incrementAndGet();
                return;
            }
            if (has("give: looks, then adds")) {
                boolean isRetired = retired;
                idle.add(file);
                if (isRetired) {
                    closeIdle();
                }
                return;
            }
            idle.add(file);
            Require.that(idle.size() <= 1, "more files than room");
            if (retired && !has("give: does not look")) {
                closeIdle();
            }
        }

        private void retire() {
            if (has("retire: empties, then says so")) {
                closeIdle();
                retired = true;
            } else {
                retired = true;
                closeIdle();
            }
        }

        private void closeIdle() {
            while (idle.poll() != null) {
                room.incrementAndGet();
                closed.incrementAndGet();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> give(1), () -> give(2), this::retire);
        }

        @Override
        public void invariant() {
            Require.that(closed.get() == 2, closed.get() + " of 2 files are closed");
            Require.that(room.get() == 1, "room is " + room.get());
        }
    }

    /** {@code EndActions}: an action runs once at the end, or is refused. */
    static final class EndActions extends Seeded {
        private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
        private final AtomicInteger runs = new AtomicInteger();
        private volatile boolean run;
        private volatile boolean refused;

        EndActions(String fault) {
            super(fault);
        }

        private boolean add(Runnable action) {
            if (run) {
                return false;
            }
            actions.add(action);
            if (has("add: does not look again")) {
                return true;
            }
            if (has("add: refuses without taking it back")) {
                return !run;
            }
            return !run || !actions.remove(action);
        }

        private void end() {
            run = !has("run: says so afterwards");
            for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
                action.run();
            }
            run = true;
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> refused = !add(runs::incrementAndGet), this::end);
        }

        @Override
        public void invariant() {
            Require.that(runs.get() == (refused ? 0 : 1), "ran " + runs.get() + " times, refused: " + refused);
        }
    }

    /** {@code Loop.inbox} and {@code idle}, {@code RestPoller.asleep}, {@code LogWriter.pace}: a loop sleeps while it has nothing to do. */
    static final class Inbox extends Seeded {
        private final Queue<Integer> inbox = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean idle = new AtomicBoolean();
        private volatile Thread loop;
        private int done;

        Inbox(String fault) {
            super(fault);
        }

        private void loop() {
            loop = Thread.currentThread();
            while (done < 2) {
                if (inbox.poll() != null) {
                    done++;
                } else if (has("loop: looks, then says that it is idle")) {
                    idle.set(true);
                    LockSupport.park();
                } else {
                    idle.set(true);
                    if (inbox.isEmpty()) {
                        LockSupport.park();
                    }
                    idle.set(false);
                }
            }
        }

        private void send() {
            if (has("send: looks, then adds")) {
                wakeIfIdle();
                inbox.add(1);
            } else {
                inbox.add(1);
                wakeIfIdle();
            }
        }

        private void wakeIfIdle() {
            boolean wakes = has("send: wakes a loop that is not idle") ? !idle.get() : idle.compareAndSet(true, false);
            if (wakes && loop != null) {
                LockSupport.unpark(loop);
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::loop, () -> {
                send();
                send();
            });
        }
    }

    /** {@code InputHalf.woken}: the owner clears the flag before it looks into the queue. */
    static final class Woken extends Seeded {
        private final Queue<Integer> queue = new ConcurrentLinkedQueue<>();
        private volatile boolean woken;
        private int seen;

        Woken(String fault) {
            super(fault);
        }

        private synchronized void awaitWake() throws InterruptedException {
            while (!woken) {
                wait();
            }
        }

        private void own() throws InterruptedException {
            while (seen < 2) {
                awaitWake();
                if (!has("owner: looks, then clears")) {
                    woken = false;
                }
                while (queue.poll() != null) {
                    seen++;
                }
                if (has("owner: looks, then clears")) {
                    woken = false;
                }
            }
        }

        private void wake() {
            if (has("wake: says so, then adds")) {
                say();
                queue.add(1);
            } else {
                queue.add(1);
                say();
            }
        }

        private void say() {
            if (has("wake: no lock")) {
                woken = true;
                return;
            }
            synchronized (this) {
                woken = true;
                notifyAll();
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::own, () -> {
                wake();
                wake();
            });
        }
    }

    /** {@code ChannelInput.backlog}: the loop pauses when too much is unread; one of the two resumes. */
    static final class Backlog extends Seeded {
        private final Queue<Integer> queue = new ConcurrentLinkedQueue<>();
        private final AtomicInteger backlog = new AtomicInteger();
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final CountDownLatch read = new CountDownLatch(1);
        private volatile boolean paused;

        Backlog(String fault) {
            super(fault);
        }

        private void add() {
            queue.add(1);
            if (backlog.incrementAndGet() > 1 && !paused) {
                if (has("pause: looks, then pauses")) {
                    boolean low = backlog.get() == 0;
                    paused = true;
                    paused = !low;
                    return;
                }
                paused = true;
                if (backlog.get() == 0 && !has("pause: does not look again")) {
                    paused = false;
                }
            }
        }

        private void readAll() {
            for (int left = 2; left > 0; ) {
                if (queue.poll() == null) {
                    Thread.onSpinWait();
                } else {
                    left--;
                    boolean pausedBefore = paused;
                    boolean low = backlog.decrementAndGet() == 0;
                    if (low && (has("read: looks, then counts") ? pausedBefore : paused)) {
                        tasks.add(() -> paused = false);
                    }
                }
            }
            read.countDown();
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        add();
                        add();
                        read.await();
                        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                            task.run();
                        }
                    },
                    this::readAll);
        }

        @Override
        public void invariant() {
            Require.that(!paused, "paused for ever");
        }
    }
}
