package dev.thrum.crawl.frontier;

import java.util.Arrays;

/**
 * A set of fingerprints, with a depth and marks for each: 17 bytes for each entry and up to a quarter more for the free ones.
 *
 * <p>It consists of tables that grow at different times, by an eighth. Each is an open-addressing table with linear probing whose entries are
 * sorted, so that a search ends at the first larger one also when nine entries of ten are used. The upper bits of a fingerprint choose the table;
 * in the table there are marks in place of them. Guarded by the lock of its frontier.
 *
 * <p>The entries of a table are in small pages, which it goes on using when it grows: arrays that live long and are then dropped would be a burden to
 * the collector, which finds such garbage only when it looks through the whole heap.
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

    /** An entry: the higher half of the fingerprint and the marks, the lower half, and the depth. */
    private static final int ENTRY = 2 * Long.BYTES + 1;

    private static final int DEPTH = 2 * Long.BYTES;
    private static final int PAGE_BITS = 6;
    private static final int IN_PAGE = 1 << PAGE_BITS;
    private static final int PAGE_BYTES = IN_PAGE * ENTRY;

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
        table.insert(~index, key | USED | marks, fingerprint.low(), Math.min(depth, DEEPEST));
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

    /** The size of all pages. */
    long bytes() {
        long sum = 0;
        for (Table table : tables) {
            sum += (long) table.pageCount * PAGE_BYTES;
        }
        return sum;
    }

    /** One table. An entry is at its home, which grows with the lower bits, or after it, with only used entries between. */
    private static final class Table {
        /** The first ones are there. */
        private byte[][] pages = {new byte[PAGE_BYTES], new byte[PAGE_BYTES]};

        private int pageCount = pages.length;

        /** The entries that are homes. The pages after them have room for what finds none there; for even fingerprints one is enough. */
        private int homes = IN_PAGE;

        private int used;

        private int home(long low) {
            return (int) Math.unsignedMultiplyHigh(low, homes);
        }

        private int capacity() {
            return pageCount << PAGE_BITS;
        }

        private byte[] page(int index) {
            return pages[index >>> PAGE_BITS];
        }

        /** Where an entry begins in its page. */
        private static int offset(int index) {
            return (index & IN_PAGE - 1) * ENTRY;
        }

        private boolean isFree(int index) {
            return key(index) == 0;
        }

        private long key(int index) {
            return (long) RecordWriter.LONGS.get(page(index), offset(index));
        }

        private long low(int index) {
            return (long) RecordWriter.LONGS.get(page(index), offset(index) + Long.BYTES);
        }

        /** The index of an entry; the complement of where it belongs if there is none. */
        int find(long key, long low) {
            int index = home(low);
            int capacity = capacity();
            while (index < capacity) {
                long otherKey = key(index);
                if (otherKey == 0) {
                    return ~index;
                }
                long otherLow = low(index);
                if (otherLow == low && (otherKey & ~MARKS) == key) {
                    return index;
                }
                if (Long.compareUnsigned(otherLow, low) > 0) {
                    return ~index;
                }
                index++;
            }
            return ~index;
        }

        private int depth(int index) {
            return page(index)[offset(index) + DEPTH] & DEEPEST;
        }

        int state(int index) {
            return (int) (key(index) & MARKS) << Byte.SIZE | depth(index);
        }

        void update(int index, int marks, int depth) {
            put(index, key(index) | marks, low(index), Math.min(depth, depth(index)));
        }

        private void put(int index, long key, long low, int depth) {
            byte[] page = page(index);
            int offset = offset(index);
            RecordWriter.LONGS.set(page, offset, key);
            RecordWriter.LONGS.set(page, offset + Long.BYTES, low);
            page[offset + DEPTH] = (byte) depth;
        }

        void insert(int place, long key, long low, int depth) {
            int index = place;
            if (isFull()) {
                grow();
                index = ~find(key & ~MARKS, low);
            }
            int free = freeAfter(index);
            if (free == capacity()) {
                addPage(new byte[PAGE_BYTES]);
            }
            moveUp(index, free);
            put(index, key, low, depth);
            used++;
        }

        private boolean isFull() {
            return used * 10L >= homes * 9L;
        }

        private int freeAfter(int index) {
            int free = index;
            while (free < capacity() && !isFree(free)) {
                free++;
            }
            return free;
        }

        /** Moves the entries from an index up to a free one by one place, which overwrites the free one. */
        private void moveUp(int from, int free) {
            int last = free;
            while (last > from) {
                byte[] page = page(last);
                int first = Math.max(from, last & -IN_PAGE);
                System.arraycopy(page, offset(first), page, offset(first) + ENTRY, (last - first) * ENTRY);
                if (first > from) {
                    System.arraycopy(page(first - 1), offset(first - 1), page, offset(first), ENTRY);
                    first--;
                }
                last = first;
            }
        }

        private void addPage(byte[] page) {
            if (pageCount == pages.length) {
                pages = Arrays.copyOf(pages, pageCount + 1);
            }
            pages[pageCount++] = page;
        }

        /** Puts all entries into pages again, in their order. A page whose entries were all copied is one of the next pages. */
        private void grow() {
            byte[][] old = pages;
            int oldCount = pageCount;
            int more = Math.max(1, (homes >>> PAGE_BITS) / 8);
            homes += more << PAGE_BITS;
            pages = new byte[oldCount + more][];
            pageCount = 0;
            int reused = 0;
            int next = 0;
            for (int index = 0; index < oldCount << PAGE_BITS; index++) {
                byte[] page = old[index >>> PAGE_BITS];
                int offset = offset(index);
                long key = (long) RecordWriter.LONGS.get(page, offset);
                if (key == 0) {
                    continue;
                }
                long low = (long) RecordWriter.LONGS.get(page, offset + Long.BYTES);
                next = Math.max(next, home(low));
                while (next >= capacity()) {
                    addPage(reused < index >>> PAGE_BITS ? cleared(old[reused++]) : new byte[PAGE_BYTES]);
                }
                put(next++, key, low, page[offset + DEPTH] & DEEPEST);
            }
            while (pageCount < oldCount + more) {
                addPage(reused < oldCount ? cleared(old[reused++]) : new byte[PAGE_BYTES]);
            }
        }

        private static byte[] cleared(byte[] page) {
            Arrays.fill(page, (byte) 0);
            return page;
        }
    }
}
