package dev.thrum.crawl.crawler;

import dev.thrum.http.client.url.Url;

/** Is told what happens in a crawl. Called by several threads at once, which wait meanwhile. */
public interface CrawlListener {
    /** Called about once a second. */
    default void progress(CrawlCounts counts) {}

    /** The host that a seed redirects to belongs to the crawl from now on. */
    default void adopted(Url seed, Url target) {}
}
