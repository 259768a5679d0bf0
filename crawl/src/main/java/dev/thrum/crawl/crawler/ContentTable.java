package dev.thrum.crawl.crawler;

import dev.thrum.crawl.crawler.Outcome.Content;

/**
 * Where the first page with each content is recorded: a hash table in arrays, of 24 bytes for each place, because a crawl has many pages. Places are
 * numbers of at least zero, or below {@link #NONE} for those of other processes. Guarded by the lock of whoever records.
 */
final class ContentTable {
    static final long NONE = -1;

    private static final int FIRST_SIZE = 1 << 10;
    private static final int FIELDS = 3;

    /** The two halves of a content and one more than its offset, for each place; all zero if the place is free. */
    private long[] places = new long[FIRST_SIZE * FIELDS];

    private int size;

    /** The offset of the page with this content; if there is none, it is this page's from now on, and the result is {@link #NONE}. */
    long putIfAbsent(Content content, long offset) {
        int at = find(content);
        if (places[at + 2] != 0) {
            return places[at + 2] - 1;
        }
        put(at, content, offset);
        if (++size * 3L > places.length / FIELDS * 2L) {
            grow();
        }
        return NONE;
    }

    /** The offset of the page with this content; {@link #NONE} if there is none. */
    long get(Content content) {
        return places[find(content) + 2] - 1;
    }

    private void put(int at, Content content, long offset) {
        places[at] = content.high();
        places[at + 1] = content.low();
        places[at + 2] = offset + 1;
    }

    /** The place of a content, or the free one for it. */
    private int find(Content content) {
        int mask = places.length / FIELDS - 1;
        int place = (int) content.low() & mask;
        while (true) {
            int at = place * FIELDS;
            if (places[at + 2] == 0 || (places[at] == content.high() && places[at + 1] == content.low())) {
                return at;
            }
            place = place + 1 & mask;
        }
    }

    private void grow() {
        long[] old = places;
        places = new long[old.length * 2];
        for (int at = 0; at < old.length; at += FIELDS) {
            if (old[at + 2] != 0) {
                Content content = new Content(old[at], old[at + 1]);
                put(find(content), content, old[at + 2] - 1);
            }
        }
    }
}
