package dev.thrum.crawl.frontier;

import java.util.Arrays;

/**
 * A pool of small records of a few numbers each, in pages, so that it grows without copying. A record that was freed is allocated again first.
 * Guarded by the lock of its frontier.
 */
final class IntPages {
    private static final int PAGE_BITS = 10;
    private static final int IN_PAGE = (1 << PAGE_BITS) - 1;

    private final int fields;
    private int[][] pages = {};
    private int pageCount;
    private int size;

    /** The record that was freed last; -1 if there is none. Its last field is the one that was freed before. */
    private int free = -1;

    /**
     * A pool.
     *
     * @param fields of a record
     */
    IntPages(int fields) {
        this.fields = fields;
    }

    /** A record with any values. */
    int allocate() {
        if (free >= 0) {
            int record = free;
            free = get(record, fields - 1);
            return record;
        }
        if (size >>> PAGE_BITS == pageCount) {
            if (pageCount == pages.length) {
                pages = Arrays.copyOf(pages, Math.max(16, pageCount + pageCount / 2));
            }
            pages[pageCount++] = new int[fields << PAGE_BITS];
        }
        return size++;
    }

    void free(int record) {
        set(record, fields - 1, free);
        free = record;
    }

    int get(int record, int field) {
        return pages[record >>> PAGE_BITS][(record & IN_PAGE) * fields + field];
    }

    void set(int record, int field, int value) {
        pages[record >>> PAGE_BITS][(record & IN_PAGE) * fields + field] = value;
    }

    /** The records that were ever allocated: those below this number. */
    int size() {
        return size;
    }

    /** The size of all arrays. */
    long bytes() {
        return ((long) pageCount * (fields << PAGE_BITS) + pages.length) * Integer.BYTES;
    }
}
