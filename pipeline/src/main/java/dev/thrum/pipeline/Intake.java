package dev.thrum.pipeline;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.pipeline.PipelineQueue.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the workers of one stage begin: items that were set aside for a retry or for their key, when their time has
 * come, and otherwise new ones from the queue. Workers that find nothing wait here.
 */
final class Intake<T> {

    /*
     * Why no item waits while a worker sleeps
     *
     * A call is a wake-up that has been sent and not yet been received. There is at most one at a time: a worker that
     * receives it looks for work, and when it has found some and there may be more, it calls the next one. So a burst of
     * items wakes one worker after the other, as long as there is work for them, and not one for each item.
     *
     * To be shown: when an item can begin and a worker sleeps, there is a call, or a worker that will look before it
     * sleeps. An item becomes available in one of these ways.
     *
     *  - It is put into a queue. The queue's lock orders this against the last look of a worker that is going to sleep.
     *    That worker counts itself as a sleeper before the look. So either it finds the item, or whoever put it sees the
     *    sleeper, and calls, or sees a call, which was received after that: then its receiver looks later.
     *  - A worker takes several items at once and makes all but the first available to others. It writes its batch before
     *    it reads whether somebody sleeps; the other counts itself before it reads the batches.
     *  - It becomes ready, the stage is resumed, or fewer items are set aside than allowed again. All this happens under
     *    the lock, and calls.
     *
     * A receiver that looks and finds nothing has found the queue and all batches empty at a time after its call; what
     * arrived later has its own call. One that takes as many as it may, or one of several, calls the next.
     */

    /** The new items of a stage, as one of its workers reaches them. None of the methods waits. */
    interface Source<T> {
        /** Takes items from the queue, or from other workers, for the worker to begin. */
        Found fill();

        /** Takes one item from the queue; null if there is none. */
        @Nullable
        Delivery<T> takeOne();
    }

    /** What a worker has found. */
    enum Found {
        NOTHING,
        /** One item, and there was no other. */
        ONE,
        /** At least one item, and there may be others for other workers. */
        SEVERAL
    }

    /** What a worker does next: begins an item that was set aside, looks into its batch, or ends. */
    record Next<T>(@Nullable Pending<T> item, boolean hasEnded) {
        static <T> Next<T> look() {
            return new Next<>(null, false);
        }

        static <T> Next<T> end() {
            return new Next<>(null, true);
        }
    }

    private final Clock clock;
    private final int mostAside;
    private final boolean limitsKeys;

    /** Null if the stage doesn't limit keys. */
    @GuardedBy("lock")
    private final @Nullable KeyLines<T> keys;

    /** May be held while the lock of the stage's queues is taken, or a timer is set. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition wake = lock.newCondition();

    /** Items that may begin at once: retries that are due, and items whose key is free. */
    @GuardedBy("lock")
    private final Deque<Pending<T>> ready = new ArrayDeque<>();

    /** Items that wait for the time of their next attempt. */
    @GuardedBy("lock")
    private final Set<Pending<T>> delayed = new LinkedHashSet<>();

    @GuardedBy("lock")
    private boolean paused;

    @GuardedBy("lock")
    private boolean stopped;

    /** The workers that sleep, or are about to, and have no call. */
    @GuardedBy("lock")
    private int sleepers;

    /** Whether a call has been sent and not been received. */
    @GuardedBy("lock")
    private boolean called;

    /** Whether the worker that holds the lock has found more than it begins. */
    @GuardedBy("lock")
    private boolean callAnother;

    /** Counts the changes that all workers must see. */
    @GuardedBy("lock")
    private long changes;

    /** Whether a new item should call a worker. Written under the lock. */
    private volatile boolean wantsCalls;

    /** Whether workers must come here before they begin an item. Written under the lock. */
    private volatile boolean needed;

    /**
     * Creates an open intake.
     *
     * @param mostAside when this many items are set aside, no new ones are taken
     * @param perKey how many items of a key run at once; 0 for any number
     */
    Intake(int mostAside, int perKey, Clock clock) {
        this.clock = clock;
        this.mostAside = mostAside;
        this.limitsKeys = perKey > 0;
        this.keys = limitsKeys ? new KeyLines<>(perKey, clock, ready, this::release) : null;
        this.needed = limitsKeys;
    }

    /** Whether workers must call {@link #poll} or {@link #await} before they begin an item. */
    boolean isNeeded() {
        return needed;
    }

    /** Called when work has arrived, or is left after a worker has taken some. */
    void call() {
        if (wantsCalls) {
            lock.lock();
            try {
                callOne();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Returns what a worker does next, if there is something now; null if not. */
    @Nullable
    Next<T> poll(Source<T> source) {
        lock.lock();
        try {
            if (stopped) {
                return Next.end();
            }
            Next<T> found = find(source);
            callAnotherIfNeeded();
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what a worker does next; waits until there may be something. */
    Next<T> await(Source<T> source) {
        lock.lock();
        try {
            if (stopped) {
                return Next.end();
            }
            sleepers++;
            publish();
            Next<T> found = find(source);
            if (found != null) {
                sleepers--;
                callAnotherIfNeeded();
                return found;
            }
            sleep();
            return Next.look();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private @Nullable Next<T> find(Source<T> source) {
        if (paused) {
            return null;
        }
        if (!ready.isEmpty()) {
            return nextReady(false);
        }
        if (isCrowded()) {
            return null;
        }
        if (keys != null) {
            return admit(keys, source) ? nextReady(true) : null;
        }
        return switch (source.fill()) {
            case NOTHING -> null;
            case ONE -> Next.look();
            case SEVERAL -> {
                callAnother = true;
                yield Next.look();
            }
        };
    }

    /** Takes new items until the key of one is free. */
    @GuardedBy("lock")
    private boolean admit(KeyLines<T> lines, Source<T> source) {
        while (ready.isEmpty() && !isCrowded()) {
            Delivery<T> delivery = source.takeOne();
            if (delivery == null) {
                break;
            }
            lines.arrive(new Pending<>(delivery, 0));
        }
        return !ready.isEmpty();
    }

    /** Takes a ready item; calls another worker if there may be one for it, too. */
    @GuardedBy("lock")
    private Next<T> nextReady(boolean mayBeMore) {
        boolean wasCrowded = isCrowded();
        Pending<T> item = ready.remove();
        callAnother = mayBeMore || !ready.isEmpty() || (wasCrowded && !isCrowded());
        publish();
        return new Next<>(item, false);
    }

    /** After the caller is no longer counted as a sleeper, so that it doesn't call itself. */
    @GuardedBy("lock")
    private void callAnotherIfNeeded() {
        if (callAnother) {
            callAnother = false;
            callOne();
        }
        publish();
    }

    /** Waits for a call, or a change that all workers must see; the caller is counted as a sleeper. */
    @GuardedBy("lock")
    private void sleep() {
        long seen = changes;
        while (!called && changes == seen) {
            wake.awaitUninterruptibly();
        }
        if (called) {
            called = false;
        } else {
            sleepers--;
        }
        publish();
    }

    @GuardedBy("lock")
    private void callOne() {
        if (sleepers > 0 && !called) {
            sleepers--;
            called = true;
            wake.signal();
        }
        publish();
    }

    @GuardedBy("lock")
    private void publish() {
        wantsCalls = sleepers > 0 && !called && !paused && !isCrowded();
        needed = keys != null || paused || stopped || !ready.isEmpty() || isCrowded();
    }

    @GuardedBy("lock")
    private int aside() {
        return ready.size() + delayed.size() + (keys == null ? 0 : keys.waiting());
    }

    @GuardedBy("lock")
    private boolean isCrowded() {
        return aside() >= mostAside;
    }

    @GuardedBy("lock")
    private KeyLines<T> keys() {
        if (keys == null) {
            throw new IllegalStateException("expected a stage with perKey");
        }
        return keys;
    }

    /** Counts the end of an attempt at an item that is now done or given up, and holds its key for this long. */
    void end(String key, Duration pause) {
        if (!limitsKeys) {
            return;
        }
        lock.lock();
        try {
            keys().end(key, stopped ? Duration.ZERO : pause);
            callIfReady();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sets an item aside after a failed attempt.
     *
     * @param pause the time until its next attempt
     * @param hold how long its key is held
     */
    void retry(Pending<T> item, Duration pause, Duration hold) {
        lock.lock();
        try {
            if (keys != null) {
                keys.end(item.key(), stopped ? Duration.ZERO : hold);
            }
            delayed.add(item);
            if (!stopped) {
                item.waitFor(clock.schedule(pause, () -> due(item)));
            }
            callIfReady();
        } finally {
            lock.unlock();
        }
    }

    /** Sets an item aside that must not begin because the stage is stopped. */
    void handBack(Pending<T> item) {
        lock.lock();
        try {
            delayed.add(item);
        } finally {
            lock.unlock();
        }
    }

    /** Called by a timer. */
    private void due(Pending<T> item) {
        lock.lock();
        try {
            if (stopped || !delayed.remove(item)) {
                return;
            }
            if (keys == null) {
                ready.addLast(item);
            } else {
                keys.arriveAgain(item);
            }
            callIfReady();
        } finally {
            lock.unlock();
        }
    }

    /** Called by a timer. */
    private void release(String key) {
        lock.lock();
        try {
            if (!stopped) {
                keys().release(key);
                callIfReady();
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void callIfReady() {
        if (ready.isEmpty()) {
            publish();
        } else {
            callOne();
        }
    }

    void pause() {
        lock.lock();
        try {
            paused = true;
            announceChange();
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            paused = false;
            announceChange();
        } finally {
            lock.unlock();
        }
    }

    /** Lets no item begin any more, and ends the workers. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            delayed.forEach(Pending::cancelTimer);
            if (keys != null) {
                keys.cancelTimers();
            }
            announceChange();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void announceChange() {
        changes++;
        publish();
        wake.signalAll();
    }

    /** The items that are set aside: those that may begin, those that wait for their key, those that wait for a retry. */
    List<Pending<T>> setAside() {
        lock.lock();
        try {
            List<Pending<T>> all = new ArrayList<>(ready);
            if (keys != null) {
                keys.forEachWaiting(all::add);
            }
            all.addAll(delayed);
            return all;
        } finally {
            lock.unlock();
        }
    }
}
