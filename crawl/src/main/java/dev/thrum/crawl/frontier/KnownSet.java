package dev.thrum.crawl.frontier;

import java.util.Arrays;

/**
 * A set of fingerprints, with a depth and marks for each: 17 bytes for each entry and up to a quarter more for the free ones.
 *
 * <p>It consists of tables that grow at different times, by an eighth, so that little memory is needed to grow. Each is an open-addressing table
 * with linear probing whose entries are sorted, so that a search ends at the first larger one also when nine entries of ten are used. The
 * upper bits of a fingerprint choose the table; in the table there are marks in place of them. Guarded by the lock of its frontier.
 */
final class KnownSet {
    /** The URL has a record. */
    static final int ADDED = 2;

    /** It is finished. */
    static final int DONE = 4;

    /** It was added to the queues when the frontier was opened. */
    static final int QUEUED = 8;

    /** The largest depth; it stands for all larger ones, too. */
    static final int DEEPEST = 255;

    private static final int TABLE_BITS = 6;
    private static final long MARKS = (1L << TABLE_BITS) - 1;

    /** Not 0, so that a used entry differs from a free one. */
    private static final long USED = 1;

    private final Table[] tables = new Table[1 << TABLE_BITS];
    private long size;

    KnownSet() {
        Arrays.setAll(tables, _ -> new Table());
    }

    long size() {
        return size;
    }

    /** The state of a fingerprint; -1 if it is not in the set. */
    int state(Fingerprint fingerprint) {
        Table table = table(fingerprint);
        int index = table.find(fingerprint.high() << TABLE_BITS, fingerprint.low());
        return index < 0 ? -1 : table.state(index);
    }

    private Table table(Fingerprint fingerprint) {
        return tables[(int) (fingerprint.high() >>> (Long.SIZE - TABLE_BITS))];
    }

    /**
     * Adds a fingerprint if it is not in the set, then marks, and lowers the depth if it is greater.
     *
     * @return its state before; -1 if it was not in the set
     */
    int merge(Fingerprint fingerprint, int marks, int depth) {
        Table table = table(fingerprint);
        long key = fingerprint.high() << TABLE_BITS;
        int index = table.find(key, fingerprint.low());
        if (index >= 0) {
            int before = table.state(index);
            table.update(index, marks, depth);
            return before;
        }
        table.insert(~index, key | USED | marks, fingerprint.low(), (byte) Math.min(depth, DEEPEST));
        size++;
        return -1;
    }

    /** The depth in a state that is not -1. */
    static int depth(int state) {
        return state & DEEPEST;
    }

    /** Whether a state has one of these marks. */
    static boolean has(int state, int marks) {
        return (state >> 8 & marks) != 0;
    }

    /** The size of all arrays. */
    long bytes() {
        long sum = 0;
        for (Table table : tables) {
            sum += (long) table.keys.length * Long.BYTES + table.depths.length;
        }
        return sum;
    }

    /** One table. An entry is at its home, which grows with the lower bits, or after it, with only used entries between. */
    private static final class Table {
        private static final int SMALLEST = 64;

        private int homes = SMALLEST;

        /** Room after the last home; for even fingerprints it need not grow. */
        private int overhang = SMALLEST;

        private long[] keys = new long[2 * (homes + overhang)];
        private byte[] depths = new byte[homes + overhang];
        private int used;

        private int home(long low) {
            return (int) Math.unsignedMultiplyHigh(low, homes);
        }

        /** The index of an entry; the complement of where it belongs if there is none. */
        int find(long key, long low) {
            int index = home(low);
            while (index < depths.length && keys[2 * index] != 0) {
                long other = keys[2 * index + 1];
                if (other == low && (keys[2 * index] & ~MARKS) == key) {
                    return index;
                }
                if (Long.compareUnsigned(other, low) > 0) {
                    return ~index;
                }
                index++;
            }
            return ~index;
        }

        int state(int index) {
            return ((int) (keys[2 * index] & MARKS) << 8) | (depths[index] & 0xff);
        }

        void update(int index, int marks, int depth) {
            keys[2 * index] |= marks;
            if (depth < (depths[index] & 0xff)) {
                depths[index] = (byte) depth;
            }
        }

        void insert(int place, long key, long low, byte depth) {
            int index = place;
            int free = freeAfter(index);
            while (isFull() || free == depths.length) {
                grow();
                index = ~find(key & ~MARKS, low);
                free = freeAfter(index);
            }
            System.arraycopy(keys, 2 * index, keys, 2 * index + 2, 2 * (free - index));
            System.arraycopy(depths, index, depths, index + 1, free - index);
            keys[2 * index] = key;
            keys[2 * index + 1] = low;
            depths[index] = depth;
            used++;
        }

        private boolean isFull() {
            return used * 10L >= homes * 9L;
        }

        private int freeAfter(int index) {
            int free = index;
            while (free < depths.length && keys[2 * free] != 0) {
                free++;
            }
            return free;
        }

        private void grow() {
            long[] oldKeys = keys;
            byte[] oldDepths = depths;
            if (isFull()) {
                homes += homes / 8;
            } else {
                overhang *= 2;
            }
            keys = new long[2 * (homes + overhang)];
            depths = new byte[homes + overhang];
            while (!fillFrom(oldKeys, oldDepths)) {
                overhang *= 2;
                keys = new long[2 * (homes + overhang)];
                depths = new byte[homes + overhang];
            }
        }

        /** Copies all entries, in their order; false if there is no room for the last ones. */
        private boolean fillFrom(long[] oldKeys, byte[] oldDepths) {
            int next = 0;
            for (int index = 0; index < oldDepths.length; index++) {
                if (oldKeys[2 * index] == 0) {
                    continue;
                }
                next = Math.max(next, home(oldKeys[2 * index + 1]));
                if (next == depths.length) {
                    return false;
                }
                keys[2 * next] = oldKeys[2 * index];
                keys[2 * next + 1] = oldKeys[2 * index + 1];
                depths[next] = oldDepths[index];
                next++;
            }
            return true;
        }
    }
}
