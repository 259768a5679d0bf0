package dev.thrum.crawl.frontier;

import org.jspecify.annotations.Nullable;

/**
 * What counts after a crash.
 *
 * @param number of the commit
 * @param firstSegment those before it are removed
 * @param lastSegment those after it were not committed
 * @param lastLength how much of the last one counts
 * @param seenLength how much of {@link SeenFile} counts
 * @param checkpoint of the caller; null before its first commit
 */
@SuppressWarnings("ArrayRecordComponent")
record Commit(
        long number,
        int firstSegment,
        int lastSegment,
        int lastLength,
        long seenLength,
        byte @Nullable [] checkpoint) {}
