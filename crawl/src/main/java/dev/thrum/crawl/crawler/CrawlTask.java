package dev.thrum.crawl.crawler;

import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.NewUrl;

/** A URL on its way to be fetched. Only {@link Again} comes out of a {@link PoliteQueue}. */
sealed interface CrawlTask {
    /** A URL that was found and is not yet in the frontier. Its fingerprint is claimed. */
    record Found(NewUrl url) implements CrawlTask {}

    /**
     * A URL of the frontier.
     *
     * @param due when it may be fetched, as a time of the clock
     */
    record Again(KnownUrl url, long due) implements CrawlTask {}
}
