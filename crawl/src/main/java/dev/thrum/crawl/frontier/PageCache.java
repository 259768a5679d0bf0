package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.Arrays;

/**
 * Pages of segments that were read lately: the links of a page wait next to each other, and the next ones are read with them. Each page has
 * one place, so 1 MiB in all. Guarded by the lock of its frontier.
 */
final class PageCache {
    private static final int PAGE = 4096;
    private static final int PLACES = 256;

    /** So that the same pages of successive segments have different places. */
    private static final int SPREAD = 67;

    private final byte[][] pages = new byte[PLACES][];
    private final long[] keys = new long[PLACES];
    private final int[] filled = new int[PLACES];

    PageCache() {
        Arrays.fill(pages, new byte[0]);
    }

    /** Reads bytes of a segment that are written. */
    void read(Segment segment, int offset, byte[] target, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int page = (offset + done) / PAGE;
            int from = (offset + done) % PAGE;
            int length = Math.min(count - done, PAGE - from);
            int place = place(segment, page, from + length);
            System.arraycopy(pages[place], from, target, done, length);
            done += length;
        }
    }

    private int place(Segment segment, int page, int needed) throws IOException {
        int place = (segment.number() * SPREAD + page) % PLACES;
        long key = Segment.position(segment.number(), page);
        if (keys[place] != key || filled[place] < needed) {
            if (pages[place].length == 0) {
                pages[place] = new byte[PAGE];
            }
            keys[place] = 0;
            int start = page * PAGE;
            int length = Math.min(PAGE, segment.written() - start);
            segment.file().readFully(pages[place], length, start);
            filled[place] = length;
            keys[place] = key;
        }
        return place;
    }
}
