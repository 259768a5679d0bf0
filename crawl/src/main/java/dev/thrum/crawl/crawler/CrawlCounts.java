package dev.thrum.crawl.crawler;

import java.util.Map;

/**
 * How far a crawl is, in this run.
 *
 * @param pages recorded, with those that are errors
 * @param errors pages that could not be fetched
 * @param duplicates pages with the content of another one
 * @param skipped URLs that were left out, by reason
 * @param running requests that run, and responses that are not recorded yet
 * @param waiting URLs that wait
 * @param known URLs in all, from all runs
 */
public record CrawlCounts(
        long pages, long errors, long duplicates, Map<String, Long> skipped, int running, long waiting, long known) {
    public CrawlCounts {
        skipped = Map.copyOf(skipped);
    }
}
