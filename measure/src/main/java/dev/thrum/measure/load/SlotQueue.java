package dev.thrum.measure.load;

import java.util.Arrays;

/**
 * Connections in the order in which they were added, each at most once, with the instant of that; any of them can be removed.
 * Owned by one thread.
 */
final class SlotQueue {
    private static final int NONE = -1;
    private static final int ABSENT = -2;

    /** Of each connection the ones before and after it; {@link #NONE} at the ends, {@link #ABSENT} for one that isn't in it. */
    private final int[] before;

    private final int[] after;
    private final long[] since;
    private int first = NONE;
    private int last = NONE;
    private int size;

    /** An empty queue for this many connections. */
    SlotQueue(int connections) {
        before = new int[connections];
        after = new int[connections];
        since = new long[connections];
        Arrays.fill(before, ABSENT);
    }

    boolean isEmpty() {
        return first == NONE;
    }

    int size() {
        return size;
    }

    /** The connection that was added first; only if there is one. */
    int first() {
        return first;
    }

    /** The instant at which a connection was added. */
    long since(int connection) {
        return since[connection];
    }

    /** Adds a connection, which isn't in it, at the end. */
    void add(int connection, long now) {
        if (before[connection] != ABSENT) {
            throw new IllegalStateException("expected connection " + connection + " not to be in the queue");
        }
        before[connection] = last;
        after[connection] = NONE;
        since[connection] = now;
        if (last == NONE) {
            first = connection;
        } else {
            after[last] = connection;
        }
        last = connection;
        size++;
    }

    /** Removes a connection, if it is in it. */
    void remove(int connection) {
        if (before[connection] == ABSENT) {
            return;
        }
        int previous = before[connection];
        int next = after[connection];
        if (previous == NONE) {
            first = next;
        } else {
            after[previous] = next;
        }
        if (next == NONE) {
            last = previous;
        } else {
            before[next] = previous;
        }
        before[connection] = ABSENT;
        size--;
    }
}
