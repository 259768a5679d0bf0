package dev.thrum.crawl.crawler;

import java.util.List;

/**
 * What came of a crawl.
 *
 * @param failedSeeds the seeds that could not be fetched, with the reason
 */
public record CrawlResult(CrawlEnd end, CrawlCounts counts, List<String> failedSeeds) {
    public CrawlResult {
        failedSeeds = List.copyOf(failedSeeds);
    }
}
