package dev.thrum.crawl.merge;

import dev.thrum.crawl.frontier.Fingerprint;

/**
 * A number for each of many fingerprints: a hash table in arrays, of 24 bytes for each place, of which a quarter to three eighths are free. Owned
 * by one thread.
 */
final class FingerprintTable {
    /** The result for a fingerprint that is not there. */
    static final long NONE = -1;

    private static final int FIRST_SIZE = 1 << 10;
    private static final int FIELDS = 3;

    /** For each place the two halves of the fingerprint, and one more than the number; that is 0 if the place is free. */
    private long[] places = new long[FIRST_SIZE * FIELDS];

    private int size;

    long get(Fingerprint key) {
        return places[find(key.high(), key.low()) + 2] - 1;
    }

    /** @param value at least 0 */
    void put(Fingerprint key, long value) {
        int at = find(key.high(), key.low());
        if (places[at + 2] == 0) {
            if ((size + 1) * 4L > capacity() * 3L) {
                grow();
                at = find(key.high(), key.low());
            }
            size++;
        }
        places[at] = key.high();
        places[at + 1] = key.low();
        places[at + 2] = value + 1;
    }

    int size() {
        return size;
    }

    private int capacity() {
        return places.length / FIELDS;
    }

    /** The place of a key, or the free one for it. */
    private int find(long high, long low) {
        int place = (int) Math.unsignedMultiplyHigh(high, capacity());
        while (true) {
            int at = place * FIELDS;
            if (places[at + 2] == 0 || (places[at] == high && places[at + 1] == low)) {
                return at;
            }
            place = place + 1 == capacity() ? 0 : place + 1;
        }
    }

    private void grow() {
        long[] old = places;
        long larger = capacity() + capacity() / 4L;
        if (larger * FIELDS > Integer.MAX_VALUE - 16) {
            throw new IllegalStateException("expected at most " + capacity() * 3L / 4
                    + " URLs in all folders but there are more: merge fewer folders at once");
        }
        places = new long[(int) larger * FIELDS];
        for (int at = 0; at < old.length; at += FIELDS) {
            if (old[at + 2] != 0) {
                int to = find(old[at], old[at + 1]);
                System.arraycopy(old, at, places, to, FIELDS);
            }
        }
    }
}
