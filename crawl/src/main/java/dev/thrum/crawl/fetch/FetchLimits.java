package dev.thrum.crawl.fetch;

import dev.thrum.base.DurationText;
import java.time.Duration;

/**
 * The limits of one download: how fast the server must be, how long it may take, how large the file may be.
 *
 * @param timeout how long a connection, a TLS handshake or the beginning of a response may take, and the time over which the rate
 *     counts; above zero
 * @param rate bytes of a body that must arrive in a second, on average over {@code timeout}; at least 1
 * @param maxTime how long one attempt may take in all; above zero
 * @param maxSize bytes of a file, as saved and as transferred; at least 0
 * @param maxWait the longest {@code Retry-After} that is waited for; a longer one is a failure without a further attempt; at least
 *     zero
 */
public record FetchLimits(Duration timeout, int rate, Duration maxTime, long maxSize, Duration maxWait) {
    /** A century: {@code maxTime} without a limit. */
    public static final Duration UNLIMITED = Duration.ofDays(36_525);

    public FetchLimits {
        require(!timeout.isNegative() && !timeout.isZero(), "a timeout above zero", DurationText.of(timeout));
        require(rate >= 1, "a rate of at least 1 byte a second", rate);
        require(!maxTime.isNegative() && !maxTime.isZero(), "a time above zero", DurationText.of(maxTime));
        require(maxSize >= 0, "a size of at least 0 bytes", maxSize);
        require(!maxWait.isNegative(), "a wait of at least zero", DurationText.of(maxWait));
    }

    private static void require(boolean holds, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException("expected " + expected + " but was " + actual);
        }
    }

    /** 30 s, 512 bytes a second, any time and size, and waits of up to 2 minutes. */
    public static FetchLimits defaults() {
        return new FetchLimits(Duration.ofSeconds(30), 512, UNLIMITED, Long.MAX_VALUE, Duration.ofMinutes(2));
    }

    /** These limits with another timeout. */
    public FetchLimits withTimeout(Duration value) {
        return new FetchLimits(value, rate, maxTime, maxSize, maxWait);
    }

    /** These limits with another rate, in bytes a second. */
    public FetchLimits withRate(int value) {
        return new FetchLimits(timeout, value, maxTime, maxSize, maxWait);
    }

    /** These limits with another time for one attempt in all. */
    public FetchLimits withMaxTime(Duration value) {
        return new FetchLimits(timeout, rate, value, maxSize, maxWait);
    }

    /** These limits with another maximum size, in bytes. */
    public FetchLimits withMaxSize(long value) {
        return new FetchLimits(timeout, rate, maxTime, value, maxWait);
    }

    /** These limits with another longest wait that a server may ask for. */
    public FetchLimits withMaxWait(Duration value) {
        return new FetchLimits(timeout, rate, maxTime, maxSize, value);
    }
}
