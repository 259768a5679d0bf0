package dev.thrum.crawl.mine;

import dev.thrum.pipeline.RetryPolicy;
import java.time.Duration;

/**
 * How a {@link Miner} works. Immutable.
 *
 * @param parallel how many pages are fetched at once; at least 1
 * @param perHost how many of them from one host and port; at least 1
 * @param parsers how many are parsed at once, each on a thread of its own; at least 1
 * @param retries how often a page is tried again after a failure that may be gone next time; at least 0
 */
public record MinerOptions(int parallel, int perHost, int parsers, int retries) {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    public MinerOptions {
        require(1, parallel, "parallel fetches");
        require(1, perHost, "fetches from a host");
        require(1, parsers, "parsers");
        require(0, retries, "retries");
    }

    /** 16 fetches at once, 8 from a host, a parser for each core, and 4 retries. */
    public static MinerOptions defaults() {
        return new MinerOptions(16, 8, Runtime.getRuntime().availableProcessors(), 4);
    }

    /** These options with another number of fetches at once. */
    public MinerOptions withParallel(int value) {
        return new MinerOptions(value, perHost, parsers, retries);
    }

    /** These options with another number of fetches from one host at once. */
    public MinerOptions withPerHost(int value) {
        return new MinerOptions(parallel, value, parsers, retries);
    }

    /** These options with another number of parsers. */
    public MinerOptions withParsers(int value) {
        return new MinerOptions(parallel, perHost, value, retries);
    }

    /** These options with another number of retries. */
    public MinerOptions withRetries(int value) {
        return new MinerOptions(parallel, perHost, parsers, value);
    }

    RetryPolicy retryPolicy() {
        return new RetryPolicy(
                retries + 1,
                FIRST_PAUSE,
                LONGEST_PAUSE,
                failure -> failure instanceof PageException page && page.isTransient());
    }

    private static void require(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "expected a number of " + name + " of at least " + least + " but was " + value);
        }
    }
}
