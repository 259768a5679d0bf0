package dev.thrum.http.files;

import dev.thrum.base.Clock;
import dev.thrum.base.DurationText;
import java.time.Duration;

/**
 * The configuration of {@link StaticFiles}. Immutable.
 *
 * @param listing whether a folder without {@code index.html} is shown as a list; else it is not found
 * @param hidden whether names that begin with a dot are served and listed
 * @param cache bytes of memory for cached files; 0 for none
 * @param cachedFile maximum size in bytes of a file that is cached in memory, at most 16 MiB; larger ones are sent from
 *     the disk
 * @param look the interval after which a cached file is checked for changes; 0 checks at each request
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
            throw new IllegalArgumentException(
                    "expected an interval between checks of at least 0 but was " + DurationText.of(look));
        }
    }

    /**
     * Lists folders, hides names with a dot; a quarter of the heap for files up to 64 KiB, which are checked every
     * second.
     */
    public static FilesConfig defaults() {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        return new FilesConfig(true, false, quarter, 64 << 10, Duration.ofSeconds(1));
    }

    /** This configuration with or without lists of folders. */
    public FilesConfig withListing(boolean value) {
        return new FilesConfig(value, hidden, cache, cachedFile, look);
    }

    /** This configuration with or without names that begin with a dot. */
    public FilesConfig withHidden(boolean value) {
        return new FilesConfig(listing, value, cache, cachedFile, look);
    }

    /** This configuration with another cache: its size, and the maximum size of a cached file, both in bytes. */
    public FilesConfig withCache(long bytes, int largestFile) {
        return new FilesConfig(listing, hidden, bytes, largestFile, look);
    }

    /** This configuration with another interval for checks of cached files. */
    public FilesConfig withLook(Duration value) {
        return new FilesConfig(listing, hidden, cache, cachedFile, value);
    }

    /** The interval in nanoseconds. */
    long lookNanos() {
        return Clock.nanos(look);
    }
}
