package dev.thrum.crawl.mine;

import dev.thrum.base.DurationText;
import dev.thrum.pipeline.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Miner} works. Immutable.
 *
 * @param parallel how many pages are fetched at once; at least 1
 * @param perHost how many of them from one host; at least 1
 * @param parsers how many are parsed at once, each on a thread of its own; at least 1
 * @param retry how often and when a page is tried again. Which failures may pass is for the miner to say; the policy's own
 *     test is not asked
 * @param maxTime how long a page may take in all, from the beginning of its first attempt; null for any time
 */
public record MinerOptions(
        int parallel,
        int perHost,
        int parsers,
        RetryPolicy retry,
        @Nullable Duration maxTime) {
    public MinerOptions {
        require(parallel, "parallel fetches");
        require(perHost, "fetches from a host");
        require(parsers, "parsers");
        if (maxTime != null && !maxTime.isPositive()) {
            throw new IllegalArgumentException("expected a time above zero but was " + DurationText.of(maxTime));
        }
    }

    /** 16 fetches at once, 8 from a host, a parser for each core, {@link RetryPolicy#standard}, and any time. */
    public static MinerOptions defaults() {
        return new MinerOptions(16, 8, Runtime.getRuntime().availableProcessors(), RetryPolicy.standard(), null);
    }

    /** These options with another number of fetches at once, in all and from one host. */
    public MinerOptions withFetchers(int inAll, int fromOneHost) {
        return new MinerOptions(inAll, fromOneHost, parsers, retry, maxTime);
    }

    /** These options with another number of parsers. */
    public MinerOptions withParsers(int value) {
        return new MinerOptions(parallel, perHost, value, retry, maxTime);
    }

    /** These options with another policy of retries. */
    public MinerOptions withRetry(RetryPolicy value) {
        return new MinerOptions(parallel, perHost, parsers, value, maxTime);
    }

    /** These options with another time for a page in all; null for any. */
    public MinerOptions withMaxTime(@Nullable Duration value) {
        return new MinerOptions(parallel, perHost, parsers, retry, value);
    }

    /** The policy for the pipeline. */
    RetryPolicy retryOfPages() {
        return new RetryPolicy(
                retry.attempts(),
                retry.first(),
                retry.longest(),
                failure -> failure instanceof PageException page && page.next().mayRetry());
    }

    private static void require(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException("expected a number of " + name + " of at least 1 but was " + value);
        }
    }
}
