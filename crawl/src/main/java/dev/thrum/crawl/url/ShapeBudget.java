package dev.thrum.crawl.url;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many pages of each host, and of each shape on it, a crawl has fetched, and whether they all had one content.
 * Thread-safe.
 *
 * <p>The memory doesn't grow: there are {@value #ENTRIES} entries of 20 bytes, for hosts and shapes alike, in buckets
 * of {@value #BUCKET}. When a bucket is full, the entry with the fewest pages is forgotten; shapes that are closed go
 * last. So a host that makes up a million shapes loses the counts of the shapes that have had a page or two, and no
 * budget that matters. An entry that comes back begins at zero, so a budget may be exceeded.
 */
final class ShapeBudget {
    /** After how many pages with one content a shape is closed. */
    static final int ONE_CONTENT = 16;

    private static final int BUCKET = 8;
    private static final int ENTRIES = 1 << 16;
    private static final int CLOSED_LAST = 1 << 30;

    /** No shape: what all pages of a host have in common. */
    private static final long HOST = 0;

    private final int pagesOfHost;
    private final int pagesOfShape;
    private final SipHash hash;
    private final ReentrantLock lock = new ReentrantLock();

    /** By entry, what it is for: host and shape in one hash; 0 for none. */
    @GuardedBy("lock")
    private final long[] keys = new long[ENTRIES];

    @GuardedBy("lock")
    private final long[] contents = new long[ENTRIES];

    /** The number of pages; negative if not all of them had the content of the first. */
    @GuardedBy("lock")
    private final int[] pages = new int[ENTRIES];

    ShapeBudget(int pagesOfHost, int pagesOfShape, long seed) {
        this.pagesOfHost = pagesOfHost;
        this.pagesOfShape = pagesOfShape;
        this.hash = new SipHash(seed, ENTRIES);
    }

    Optional<Skip> check(String host, UrlShape shape) {
        long hostHash = hash(host);
        int ofHost;
        int ofShape;
        lock.lock();
        try {
            ofHost = count(key(hostHash, HOST));
            ofShape = count(key(hostHash, shape.hash()));
        } finally {
            lock.unlock();
        }
        if (Math.abs(ofHost) >= pagesOfHost) {
            return skip(Skip.Reason.BUDGET, "%,d pages of this host, at most %,d", Math.abs(ofHost), pagesOfHost);
        }
        if (isClosed(ofShape)) {
            return skip(Skip.Reason.TRAP, "%,d pages of the shape %s have one content", ofShape, shape.text());
        }
        return Math.abs(ofShape) < pagesOfShape
                ? Optional.empty()
                : skip(
                        Skip.Reason.BUDGET,
                        "%,d pages of the shape %s, at most %,d",
                        Math.abs(ofShape),
                        shape.text(),
                        pagesOfShape);
    }

    @FormatMethod
    private static Optional<Skip> skip(Skip.Reason reason, String detail, Object... values) {
        return Optional.of(new Skip(reason, String.format(Locale.ROOT, detail, values)));
    }

    void pageDone(String host, long shape, long content) {
        long hostHash = hash(host);
        lock.lock();
        try {
            add(key(hostHash, HOST), content);
            add(key(hostHash, shape), content);
        } finally {
            lock.unlock();
        }
    }

    private long hash(String host) {
        return hash.hash(host.getBytes(UTF_8)).low();
    }

    /** The finalizer of SplitMix64: all bits of both count in each bit. */
    private static long key(long host, long shape) {
        long key = host + shape * 0x9e3779b97f4a7c15L;
        key = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
        key = (key ^ (key >>> 27)) * 0x94d049bb133111ebL;
        return Math.max(1, (key ^ (key >>> 31)) >>> 1);
    }

    @GuardedBy("lock")
    private int count(long key) {
        int entry = find(key);
        return entry < 0 ? 0 : pages[entry];
    }

    @GuardedBy("lock")
    private void add(long key, long content) {
        int entry = find(key);
        if (entry < 0) {
            entry = replace(key);
            contents[entry] = content;
        }
        boolean isOne = pages[entry] >= 0 && contents[entry] == content;
        int count = Math.min(Math.abs(pages[entry]) + 1, CLOSED_LAST - 1);
        pages[entry] = isOne ? count : -count;
    }

    @GuardedBy("lock")
    private int find(long key) {
        int bucket = bucket(key);
        for (int entry = bucket; entry < bucket + BUCKET; entry++) {
            if (keys[entry] == key) {
                return entry;
            }
        }
        return -1;
    }

    /** An empty entry for this key, where the one with the fewest pages was. */
    @GuardedBy("lock")
    private int replace(long key) {
        int bucket = bucket(key);
        int least = bucket;
        for (int entry = bucket + 1; entry < bucket + BUCKET; entry++) {
            if (weight(pages[entry]) < weight(pages[least])) {
                least = entry;
            }
        }
        keys[least] = key;
        pages[least] = 0;
        return least;
    }

    private static int weight(int pages) {
        return isClosed(pages) ? CLOSED_LAST + Math.min(pages, CLOSED_LAST - 1) : Math.abs(pages);
    }

    private static boolean isClosed(int pages) {
        return pages >= ONE_CONTENT;
    }

    private static int bucket(long key) {
        return (int) (key & (ENTRIES - BUCKET));
    }
}
