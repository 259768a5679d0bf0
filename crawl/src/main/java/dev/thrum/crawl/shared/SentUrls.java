package dev.thrum.crawl.shared;

import dev.thrum.crawl.frontier.Fingerprint;

/**
 * URLs that this process has told others of, as far as it remembers: each place has the latest of many. What is forgotten is told again, which does no
 * harm. Guarded by the lock of its owner.
 */
final class SentUrls {
    private static final int SIZE = 1 << 17;

    private final long[] fingerprints = new long[2 * SIZE];
    private final int[] depths = new int[SIZE];

    /** Remembers a URL; returns whether it was already known with at most this depth. */
    boolean knows(Fingerprint fingerprint, int depth) {
        int place = (int) fingerprint.low() & SIZE - 1;
        boolean isSame =
                fingerprints[2 * place] == fingerprint.high() && fingerprints[2 * place + 1] == fingerprint.low();
        if (isSame && depths[place] <= depth) {
            return true;
        }
        fingerprints[2 * place] = fingerprint.high();
        fingerprints[2 * place + 1] = fingerprint.low();
        depths[place] = depth;
        return false;
    }
}
