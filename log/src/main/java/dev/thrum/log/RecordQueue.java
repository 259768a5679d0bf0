package dev.thrum.log;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of records from many producers to one consumer: a ring with a fixed number of slots.
 *
 * <p>Positions only grow; the slot of a position is its remainder. {@code tail} is the first position that no producer has
 * claimed, {@code head} the first one that the consumer has not taken.
 *
 * <p>Why no record is lost or delivered twice:
 * <ul>
 *   <li>A producer claims a position by moving {@code tail} from it with compare-and-set, so no two claim the same. It
 *       claims only a position less than {@code capacity} beyond a {@code head} that it read, and {@code head} only grows,
 *       so the position that had this slot before has been taken.
 *   <li>The consumer empties a slot before it publishes the {@code head} beyond it. The producer read that {@code head}, or
 *       a later one, before it filled the slot; so the emptying happens before the filling and can't undo it.
 *   <li>A slot goes from empty to full by the one producer that claimed its position, with release, and from full to empty
 *       by the consumer, which reads with acquire: it sees the whole record. It stops at the first empty slot, claimed or
 *       not, so it takes positions in order, and thus the records of each producer in order.
 *   <li>A producer that has claimed a slot and not yet filled it delays the records after it, for as long as it is not
 *       scheduled; the consumer does not wait for it but checks again later. {@link #isEmpty} counts claimed positions, so
 *       the consumer does not end before such a record has arrived.
 * </ul>
 */
final class RecordQueue {
    private final AtomicReferenceArray<@Nullable RequestRecord> slots;
    private final int mask;
    private final int capacity;

    /** Advanced by producers. */
    private final AtomicLong tail = new AtomicLong();

    /** Advanced by the consumer. */
    private final AtomicLong head = new AtomicLong();

    RecordQueue(int capacity) {
        if (capacity < 1 || capacity > 1 << 24) {
            throw new IllegalArgumentException("expected a queue of 1 to 16777216 records but was " + capacity);
        }
        int size = Integer.highestOneBit(Math.max(1, capacity - 1)) << (capacity > 1 ? 1 : 0);
        this.slots = new AtomicReferenceArray<>(size);
        this.mask = size - 1;
        this.capacity = capacity;
    }

    /** Appends a record, unless the queue is full. Never waits. */
    boolean offer(RequestRecord record) {
        long at = tail.get();
        while (at - head.get() < capacity) {
            if (tail.compareAndSet(at, at + 1)) {
                slots.setRelease((int) at & mask, record);
                return true;
            }
            at = tail.get();
        }
        return false;
    }

    /** Takes at most this many records from the front and returns how many; called only by the consumer. */
    @CanIgnoreReturnValue
    int take(List<RequestRecord> into, int most) {
        long from = head.getPlain();
        int count = 0;
        while (count < most) {
            int slot = (int) (from + count) & mask;
            RequestRecord record = slots.getAcquire(slot);
            if (record == null) {
                break;
            }
            slots.setPlain(slot, null);
            into.add(record);
            count++;
        }
        if (count > 0) {
            head.set(from + count);
        }
        return count;
    }

    /** The record that would be taken next, if it is there; any thread may ask, and it may be taken meanwhile. */
    @Nullable
    RequestRecord oldest() {
        return slots.getAcquire((int) head.get() & mask);
    }

    /** Whether every position that was claimed has been taken. */
    boolean isEmpty() {
        return size() == 0;
    }

    /** The number of positions claimed and not taken; approximate while other threads use the queue. */
    int size() {
        long first = head.get();
        return (int) Math.min(capacity, Math.max(0, tail.get() - first));
    }

    int capacity() {
        return capacity;
    }
}
