package dev.thrum.crawl.search;

import java.time.Duration;

/**
 * How an index is written.
 *
 * @param fileBytes from this size on, a file of pending pages is followed by another
 * @param commitBytes Lucene commits at the latest after this many bytes of pending pages: they are read again after a crash
 * @param commitPeriod Lucene commits at the latest this long after a page was added; searches don't find it before
 * @param backlog how many bytes of pending pages may wait for Lucene; after that the crawl waits
 */
record IndexTuning(long fileBytes, long commitBytes, Duration commitPeriod, long backlog) {
    static IndexTuning defaults() {
        return new IndexTuning(8L << 20, 64L << 20, Duration.ofSeconds(5), 128L << 20);
    }
}
