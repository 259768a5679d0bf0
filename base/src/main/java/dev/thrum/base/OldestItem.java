package dev.thrum.base;

/**
 * How long the oldest item of a first-in-first-out queue has waited, at least. The clock is read once while the items that
 * are there pass through the queue, not for each of them: one item is marked with the time, and when it has gone, the
 * newest one is.
 *
 * <p>So the result is exact for the first item that finds the queue empty, and may be too short for others, by the time
 * that the marked item has waited. If nothing is taken any more, it grows with the time. Guarded by the lock of the queue.
 */
public final class OldestItem {
    private final Clock clock;
    private long added;
    private long removed;

    /** The position of the marked item, and when it was there at the latest; none if it is below {@link #removed}. */
    private long marked = -1;

    private long since;

    public OldestItem(Clock clock) {
        this.clock = clock;
    }

    /** An item was added at the end. */
    public void added() {
        if (marked < removed) {
            mark(added);
        }
        added++;
    }

    /** These items were removed from the front. */
    public void removed(int count) {
        removed += count;
        if (marked < removed && removed < added) {
            mark(added - 1);
        }
    }

    private void mark(long position) {
        marked = position;
        since = clock.nanoTime();
    }

    /** Nanoseconds that the oldest item has waited, at least; 0 if there is none. */
    public long nanos() {
        return removed == added ? 0 : Math.max(0, clock.nanoTime() - since);
    }
}
