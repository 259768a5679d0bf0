package dev.thrum.testkit.web;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The outputs of a crawl by URL; URLs are in the form of {@link WebMap#canonical}. */
public interface CrawlRecords {
    /** The record of a page, requested under this URL. */
    Optional<Page> page(String url);

    /** The reason for which this URL was skipped. */
    Optional<String> skipped(String url);

    /**
     * The record of a page.
     *
     * @param status 0 if there is none
     * @param finalUrl at the end of its redirects
     */
    record Page(
            int status,
            boolean truncated,
            boolean error,
            @Nullable String title,
            @Nullable String finalUrl,
            @Nullable String duplicateOf) {}
}
