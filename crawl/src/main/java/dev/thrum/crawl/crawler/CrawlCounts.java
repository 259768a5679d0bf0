package dev.thrum.crawl.crawler;

import java.util.Map;
import org.jspecify.annotations.Nullable;

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
 * @param changes since the crawl that is refreshed, from all runs; null if none is
 */
public record CrawlCounts(
        long pages,
        long errors,
        long duplicates,
        Map<String, Long> skipped,
        int running,
        long waiting,
        long known,
        @Nullable Changes changes) {
    /**
     * What has become of pages.
     *
     * @param added that were not there
     * @param changed with another body, status or target
     * @param same that are as they were
     * @param gone that are not there any more, or are no pages of the crawl any more
     */
    public record Changes(long added, long changed, long same, long gone) {}

    public CrawlCounts {
        skipped = Map.copyOf(skipped);
    }
}
