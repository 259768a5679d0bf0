package dev.thrum.http.files;

import dev.thrum.base.Clock;
import java.time.Duration;

/**
 * How a folder is served.
 *
 * @param listing whether a folder without {@code index.html} is shown as a list of what is in it; else it is not found
 * @param hidden whether names that begin with a dot are served and listed
 * @param cache bytes of memory that may hold files; 0 for none
 * @param cachedFile the size up to which a file is held in memory; longer ones are sent from the disk
 * @param look for how long what was seen of a file counts before it is looked at again
 */
public record FilesConfig(boolean listing, boolean hidden, long cache, int cachedFile, Duration look) {
    private static final int LARGEST_CACHED = 16 * 1024 * 1024;

    public FilesConfig {
        if (cache < 0) {
            throw new IllegalArgumentException("expected a cache of at least 0 bytes but was " + cache);
        }
        if (cachedFile < 0 || cachedFile > LARGEST_CACHED) {
            throw new IllegalArgumentException(
                    "expected cached files of 0 to " + LARGEST_CACHED + " bytes but was " + cachedFile);
        }
        if (look.isNegative()) {
            throw new IllegalArgumentException("expected a time between looks of at least 0 but was " + look);
        }
    }

    /** With listings and without hidden names; a quarter of the heap for files up to 64 KiB, looked at every second. */
    public static FilesConfig defaults() {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        return new FilesConfig(true, false, quarter, 64 << 10, Duration.ofSeconds(1));
    }

    public FilesConfig withListing(boolean value) {
        return new FilesConfig(value, hidden, cache, cachedFile, look);
    }

    public FilesConfig withHidden(boolean value) {
        return new FilesConfig(listing, value, cache, cachedFile, look);
    }

    public FilesConfig withCache(long bytes, int largestFile) {
        return new FilesConfig(listing, hidden, bytes, largestFile, look);
    }

    public FilesConfig withLook(Duration value) {
        return new FilesConfig(listing, hidden, cache, cachedFile, value);
    }

    /** In nanoseconds. */
    long lookNanos() {
        return Clock.nanos(look);
    }
}
