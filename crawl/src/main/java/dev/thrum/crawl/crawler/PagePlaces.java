package dev.thrum.crawl.crawler;

import dev.thrum.crawl.frontier.Fingerprint;

/**
 * Where the lines of pages are: a hash table in arrays, of 32 bytes for each place, of which up to a quarter are free. Owned by one thread; what
 * is not changed any more may be read by others.
 *
 * <p>A URL is known by one half of its fingerprint, so whoever reads its line compares the URL.
 */
final class PagePlaces {
    static final int NONE = -1;

    private static final int FIRST_SIZE = 1 << 10;
    private static final int FIELDS = 4;

    /** For each place a half of the fingerprint, one more than the offset of the page, that of its links, and its words; 0 if it is free. */
    private long[] places = new long[FIRST_SIZE * FIELDS];

    private int size;

    /** Adds a page with a fingerprint that is not there yet. */
    void add(Fingerprint fingerprint, Note.Place lines, long words) {
        // Full to three quarters at most, and it grows by a quarter: so it is never far from what is needed.
        if ((size + 1) * 4L > capacity() * 3L) {
            grow();
        }
        put(fingerprint.high(), lines.page() + 1, lines.links(), words);
        size++;
    }

    private int capacity() {
        return places.length / FIELDS;
    }

    private void put(long key, long page, long links, long words) {
        int at = find(key) * FIELDS;
        places[at] = key;
        places[at + 1] = page;
        places[at + 2] = links;
        places[at + 3] = words;
    }

    /** The place of a key, or the free one for it. */
    private int find(long key) {
        int place = (int) Math.unsignedMultiplyHigh(key, capacity());
        while (places[place * FIELDS + 1] != 0 && places[place * FIELDS] != key) {
            place = place + 1 == capacity() ? 0 : place + 1;
        }
        return place;
    }

    private void grow() {
        long[] old = places;
        places = new long[(capacity() + capacity() / 4) * FIELDS];
        for (int at = 0; at < old.length; at += FIELDS) {
            if (old[at + 1] != 0) {
                put(old[at], old[at + 1], old[at + 2], old[at + 3]);
            }
        }
    }

    /** The place of a page, for the other methods; {@link #NONE} if it is not there. Stays the same when no page is added. */
    int place(Fingerprint fingerprint) {
        int place = find(fingerprint.high());
        return places[place * FIELDS + 1] == 0 ? NONE : place;
    }

    Note.Place lines(int place) {
        return new Note.Place(places[place * FIELDS + 1] - 1, places[place * FIELDS + 2]);
    }

    /** The hash of what the page says; 0 if it has none. */
    long words(int place) {
        return places[place * FIELDS + 3];
    }

    int size() {
        return size;
    }
}
