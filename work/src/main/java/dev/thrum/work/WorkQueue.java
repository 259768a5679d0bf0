package dev.thrum.work;

import com.google.errorprone.annotations.CheckReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.OldestItem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A bounded first-in-first-out queue that tracks unfinished work, so that callers can wait until all of it is done.
 *
 * <p>A thread that takes an item calls {@link #taskDone} when its work is over, failed or not, best in a
 * {@code finally} block; {@link #join} waits until that has happened for every item put so far. If {@code join} is
 * never called, {@code taskDone} is not needed.
 *
 * <p>{@link #close} ends the intake, not the work: waiting and later puts fail with {@link QueueClosedException},
 * takers get the remaining items and only then the same exception, and {@code join} still waits for items in
 * progress.
 *
 * <p>Safe for any number of platform and virtual threads. Items are taken in the order in which they were added; the
 * order of several waiting threads is unspecified. Every wait can be interrupted. Durations of zero or less don't
 * wait.
 *
 * @param <T> the items; never null
 */
public final class WorkQueue<T> implements AutoCloseable {

    /*
     * Why no wake-up is lost
     *
     * Every change and every check of the state happens under the one lock, and a waiting thread checks again each
     * time it wakes (a loop, not an if). await gives up the lock and begins to wait in one step, so a change happens
     * either before the check, and is seen, or after the wait began, and wakes the thread.
     *
     * One question remains: signal wakes only one thread. Call a taker asleep while it waits unsignalled, called
     * while it was signalled and doesn't have the lock back yet. Whenever the lock is free this holds:
     *
     *     if a taker is asleep, there are at most as many items as called takers.
     *
     * put adds an item and calls one sleeper, if there is one: both sides grow by one. A called taker that gets the
     * lock takes an item (both sides shrink), or finds none because another thread was faster, and 0 items are never
     * too many. A thread that takes without having waited only makes items fewer. A taker goes to sleep only where
     * there are 0 items. A sleeper that is interrupted or runs out of time stops being asleep without having been
     * called: Condition decides atomically which of the two comes first, and where the signal does, await returns
     * normally (the interrupt stays pending). That taker, and so one whose time is over as well, looks for an item
     * before it gives up: no path drops a call while an item is there. With an item in the queue, then, either nobody
     * sleeps or somebody is on the way.
     *
     * Room is the mirror image (a sleeping putter means at most as many free places as called putters), with one
     * difference: drain frees many places at once and wakes all. So do close, which affects all waiting threads, and
     * the end of the last work, which all joiners wait for. join wakes when nothing is unfinished; when a put is
     * faster than the woken joiner, the joiner waits on, as the work is then not done.
     */

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition itemOrClosed = lock.newCondition();
    private final Condition roomOrClosed = lock.newCondition();
    private final Condition allDone = lock.newCondition();
    private final int capacity;
    private final Clock clock;

    @GuardedBy("lock")
    private final ArrayDeque<T> items = new ArrayDeque<>();

    /** The number of items taken and not yet marked done. */
    @GuardedBy("lock")
    private long inHand;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private final OldestItem oldest;

    /**
     * Creates an open, empty queue whose waits are timed by the system's clock.
     *
     * @param capacity the maximum number of queued items; at least 1
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public WorkQueue(int capacity) {
        this(capacity, Clock.system());
    }

    /**
     * Creates an open, empty queue.
     *
     * @param capacity the maximum number of queued items; at least 1
     * @param clock the clock that times its waits, such as that of an engine
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public WorkQueue(int capacity, Clock clock) {
        if (capacity < 1) {
            throw new IllegalArgumentException("expected a capacity of at least 1 but was " + capacity);
        }
        this.capacity = capacity;
        this.clock = Objects.requireNonNull(clock, "clock");
        this.oldest = new OldestItem(clock);
    }

    /**
     * Adds an item, and waits for room if there is none.
     *
     * @throws QueueClosedException if the queue is closed, or is closed during the wait; the item was not added
     */
    public void put(T item) throws InterruptedException {
        Objects.requireNonNull(item, "item");
        lock.lockInterruptibly();
        try {
            while (!closed && items.size() >= capacity) {
                roomOrClosed.await();
            }
            append(item);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds an item if there is room within the given time.
     *
     * @return whether the item was added
     * @throws QueueClosedException if the queue is closed, or is closed during the wait; the item was not added
     */
    @CheckReturnValue
    public boolean offer(T item, Duration patience) throws InterruptedException {
        Objects.requireNonNull(item, "item");
        long nanos = Clock.nanos(patience);
        lock.lockInterruptibly();
        try {
            while (!closed && items.size() >= capacity) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = clock.awaitNanos(roomOrClosed, nanos);
            }
            append(item);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the oldest item, and waits for one if there is none.
     *
     * @throws QueueClosedException if the queue is closed and empty
     */
    public T take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (items.isEmpty()) {
                requireMoreToCome();
                itemOrClosed.await();
            }
            return remove();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the oldest item if there is one within the given time.
     *
     * @return the item; empty if none was added in time, but one may be added later
     * @throws QueueClosedException if the queue is closed and empty
     */
    public Optional<T> poll(Duration patience) throws InterruptedException {
        long nanos = Clock.nanos(patience);
        lock.lockInterruptibly();
        try {
            while (items.isEmpty()) {
                requireMoreToCome();
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = clock.awaitNanos(itemOrClosed, nanos);
            }
            return Optional.of(remove());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds an item if there is room at this moment; never waits.
     *
     * @return whether the item was added
     * @throws QueueClosedException if the queue is closed; the item was not added
     */
    @CheckReturnValue
    public boolean add(T item) {
        Objects.requireNonNull(item, "item");
        lock.lock();
        try {
            if (!closed && items.size() >= capacity) {
                return false;
            }
            append(item);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the oldest items that are there at this moment, and passes them on in their order; never waits, and
     * throws nothing if the queue is closed. Each counts as taken.
     *
     * @param most the largest number of items
     * @param to receives each item, before this returns and under the queue's lock: it must not wait, and must not call
     *     this queue
     * @return the number of items, perhaps 0
     */
    public int poll(int most, Consumer<? super T> to) {
        lock.lock();
        try {
            int number = Math.min(most, items.size());
            for (int i = 0; i < number; i++) {
                to.accept(remove());
            }
            return number;
        } finally {
            lock.unlock();
        }
    }

    /** The item that would be taken next, which is not removed; empty if there is none at this moment. */
    public Optional<T> peek() {
        lock.lock();
        try {
            return Optional.ofNullable(items.peek());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Marks the work on one taken item as done, whichever thread took it.
     *
     * @throws IllegalStateException if it is called more often than items were taken
     */
    public void taskDone() {
        lock.lock();
        try {
            if (inHand == 0) {
                throw new IllegalStateException("expected taskDone at most once for each item taken but no taken item"
                        + " is unfinished: call it exactly once after each take or successful poll");
            }
            inHand--;
            signalIfAllDone();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every item put so far was taken and marked done; returns at once if there is none. */
    public void join() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isAllDone()) {
                allDone.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits, at most the given time, until every item put so far was taken and marked done.
     *
     * @return whether everything was done
     */
    @CheckReturnValue
    public boolean join(Duration patience) throws InterruptedException {
        long nanos = Clock.nanos(patience);
        lock.lockInterruptibly();
        try {
            while (!isAllDone()) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = clock.awaitNanos(allDone, nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the queue: later and waiting puts fail, takers get the remaining items. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            itemOrClosed.signalAll();
            roomOrClosed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Removes and returns the items not yet taken, oldest first; they no longer count as unfinished. */
    List<T> drain() {
        lock.lock();
        try {
            List<T> left = List.copyOf(items);
            oldest.removed(items.size());
            items.clear();
            roomOrClosed.signalAll();
            signalIfAllDone();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** The number of items waiting to be taken. */
    public int size() {
        lock.lock();
        try {
            return items.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How long the oldest item has waited to be taken, at least; zero if none waits. It is exact if that item has found the
     * queue empty. Otherwise it may be too short, by the time until an older item was taken.
     */
    public Duration oldestWait() {
        lock.lock();
        try {
            return Duration.ofNanos(oldest.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** The maximum number of items waiting to be taken. */
    public int capacity() {
        return capacity;
    }

    /** The number of items put and not yet marked done: waiting and in progress. */
    public long unfinished() {
        lock.lock();
        try {
            return items.size() + inHand;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return "WorkQueue[%s, %d of %d waiting, %d in hand]"
                    .formatted(closed ? "closed" : "open", items.size(), capacity, inHand);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void append(T item) {
        if (closed) {
            throw new QueueClosedException(
                    "expected an open queue but it is closed and accepts nothing more: put everything before close");
        }
        items.add(item);
        oldest.added();
        itemOrClosed.signal();
    }

    @GuardedBy("lock")
    private T remove() {
        T item = items.remove();
        oldest.removed(1);
        inHand++;
        roomOrClosed.signal();
        return item;
    }

    @GuardedBy("lock")
    private void requireMoreToCome() {
        if (closed) {
            throw new QueueClosedException(
                    "expected an item but the queue is closed and empty: no more will come, so end the loop that takes");
        }
    }

    @GuardedBy("lock")
    private boolean isAllDone() {
        return inHand == 0 && items.isEmpty();
    }

    @GuardedBy("lock")
    private void signalIfAllDone() {
        if (isAllDone()) {
            allDone.signalAll();
        }
    }
}
