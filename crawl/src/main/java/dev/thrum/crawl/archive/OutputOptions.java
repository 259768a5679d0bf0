package dev.thrum.crawl.archive;

import dev.thrum.base.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How a crawl is written. Immutable, but for the two sources.
 *
 * @param warc whether WARC files are written, and how
 * @param warcSize a WARC file that has reached this many bytes is followed by another
 * @param level of the compression, from 1 (fast) to 9 (small)
 * @param info fields of the record that each WARC file begins with, such as {@code software} and
 *     {@code http-header-user-agent}, in their order (ISO 28500, 6.2)
 * @param clock tells when a WARC file was begun
 * @param random of the IDs of WARC records: each run needs another sequence, so that IDs differ from those of all other
 *     runs
 */
public record OutputOptions(
        Warc warc, long warcSize, int level, Map<String, String> info, Clock clock, RandomGenerator random) {
    /** The size of a WARC file that ISO 28500 recommends: 1 GB. */
    private static final long ONE_GB = 1_000_000_000;

    private static final int FASTEST = 1;
    private static final int SMALLEST = 9;

    /** The form of WARC files. */
    public enum Warc {
        /** Each record is a gzip member of its own (ISO 28500, annex D). */
        GZIP,
        PLAIN,
        /** None are written. */
        OFF
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of its range; the message says which
     */
    public OutputOptions {
        if (warcSize < 1) {
            throw new IllegalArgumentException("expected a size of WARC files of at least 1 byte but was " + warcSize);
        }
        if (level < FASTEST || level > SMALLEST) {
            throw new IllegalArgumentException("expected a level of compression from 1 to 9 but was " + level);
        }
        info = Collections.unmodifiableMap(new LinkedHashMap<>(info));
        info.forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9_-]+") || value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw new IllegalArgumentException(
                        "expected a name of letters and a value in one line for the WARC file but was " + name + ": "
                                + value);
            }
        });
    }

    /** The default: compressed, fast, a new file after 1 GB. */
    public static OutputOptions of(Clock clock, RandomGenerator random) {
        return new OutputOptions(Warc.GZIP, ONE_GB, FASTEST, Map.of(), clock, random);
    }

    public OutputOptions withWarc(Warc value) {
        return new OutputOptions(value, warcSize, level, info, clock, random);
    }

    public OutputOptions withWarcSize(long bytes) {
        return new OutputOptions(warc, bytes, level, info, clock, random);
    }

    public OutputOptions withLevel(int value) {
        return new OutputOptions(warc, warcSize, value, info, clock, random);
    }

    public OutputOptions withInfo(Map<String, String> fields) {
        return new OutputOptions(warc, warcSize, level, fields, clock, random);
    }
}
