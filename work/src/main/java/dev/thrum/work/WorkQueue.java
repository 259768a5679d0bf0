package dev.thrum.work;

import com.google.errorprone.annotations.CheckReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded first-in-first-out queue that knows when all its work is done.
 *
 * <p>Whoever takes an item says {@link #taskDone} when its work is over, failed or not, best in a {@code finally};
 * {@link #join} waits until that has happened for every item put so far. A user who never joins need not say it.
 *
 * <p>{@link #close} ends the intake, not the work: puts, waiting and later, fail with {@link QueueClosedException},
 * takers get what is left and only then the same exception, and {@code join} still waits for the work in hand.
 *
 * <p>Safe for any number of platform and virtual threads. Items leave in the order they came in; which of several
 * waiting threads goes first is not promised. Every wait can be interrupted. Durations of zero or less don't wait.
 *
 * @param <T> the items; never null
 */
public final class WorkQueue<T> implements AutoCloseable {

    /*
     * Why no wake-up is lost
     *
     * Every change of the state and every look at it happens under the one lock, and a waiting thread looks again each
     * time it wakes (a loop, not an if). await gives up the lock and begins to wait in one step, so a change either
     * comes before the look, and is seen, or after the wait began, and wakes.
     *
     * What remains is that signal wakes only one thread. Call a taker asleep while it waits unsignalled, called while
     * it was signalled and doesn't have the lock back yet. Whenever the lock is free this holds:
     *
     *     if a taker is asleep, there are at most as many items as called takers.
     *
     * put adds an item and calls one sleeper, if there is one: both sides grow by one. A called taker that gets the
     * lock takes an item (both sides shrink), or finds none because another thread was quicker, and 0 items are never
     * too many. A thread that takes without having waited only makes items fewer. A taker goes to sleep only where
     * there are 0 items. A sleeper that is interrupted or runs out of time stops being asleep without having been
     * called: Condition decides atomically which of the two comes first, and where the signal does, await returns
     * normally (the interrupt stays pending). That taker, and so one whose time is over as well, looks for an item
     * before it gives up: no path drops a call while an item is there. With an item in the queue, then, either nobody
     * sleeps or somebody is on the way.
     *
     * Room is the mirror image (a sleeping putter means at most as many free places as called putters), with one
     * difference: drain frees many places at once and wakes all. So do close, which changes the answer for everybody,
     * and the end of the last work, which all joiners wait for. join wakes when nothing is unfinished; when a put is
     * quicker than the woken joiner, the joiner waits on, as the work is then not done.
     */

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition itemOrClosed = lock.newCondition();
    private final Condition roomOrClosed = lock.newCondition();
    private final Condition allDone = lock.newCondition();
    private final int capacity;

    @GuardedBy("lock")
    private final ArrayDeque<T> items = new ArrayDeque<>();

    /** How many items were taken and not yet marked done. */
    @GuardedBy("lock")
    private long inHand;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * Creates an open, empty queue.
     *
     * @param capacity how many items it holds before a put has to wait; at least 1
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public WorkQueue(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("expected a capacity of at least 1 but was " + capacity);
        }
        this.capacity = capacity;
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
            add(item);
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
        long nanos = Deadline.nanos(patience);
        lock.lockInterruptibly();
        try {
            while (!closed && items.size() >= capacity) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = roomOrClosed.awaitNanos(nanos);
            }
            add(item);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the oldest item, and waits for one if there is none.
     *
     * @throws QueueClosedException if the queue is closed and nothing is left: nothing will ever come again
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
     * @return the item; empty if none came in time, but one may come later
     * @throws QueueClosedException if the queue is closed and nothing is left: nothing will ever come again
     */
    public Optional<T> poll(Duration patience) throws InterruptedException {
        long nanos = Deadline.nanos(patience);
        lock.lockInterruptibly();
        try {
            while (items.isEmpty()) {
                requireMoreToCome();
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = itemOrClosed.awaitNanos(nanos);
            }
            return Optional.of(remove());
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

    /** Waits until every item put so far was taken and marked done; at once if there is none. */
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
     * Waits, but no longer than the given time, until every item put so far was taken and marked done.
     *
     * @return whether everything was done
     */
    @CheckReturnValue
    public boolean join(Duration patience) throws InterruptedException {
        long nanos = Deadline.nanos(patience);
        lock.lockInterruptibly();
        try {
            while (!isAllDone()) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = allDone.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the intake: later and waiting puts fail, takers get what is left. Closing again changes nothing. */
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

    /** Removes and returns, oldest first, what nobody has taken; it no longer counts as unfinished. */
    List<T> drain() {
        lock.lock();
        try {
            List<T> left = List.copyOf(items);
            items.clear();
            roomOrClosed.signalAll();
            signalIfAllDone();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** How many items are waiting to be taken. */
    public int size() {
        lock.lock();
        try {
            return items.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many items may wait to be taken. */
    public int capacity() {
        return capacity;
    }

    /** How many items were put and not yet marked done: the waiting ones and those in hand. */
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
    private void add(T item) {
        if (closed) {
            throw new QueueClosedException(
                    "expected an open queue but it is closed and accepts nothing more: put everything before close");
        }
        items.add(item);
        itemOrClosed.signal();
    }

    @GuardedBy("lock")
    private T remove() {
        T item = items.remove();
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
