package dev.thrum.crawl.mine;

import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.RetryAfterException;

/** Where pages come from. Called by several threads at once. */
@FunctionalInterface
interface PageSource {
    /**
     * Makes one attempt to get a page. Blocks.
     *
     * @param given the URL as it was given, for {@link FetchedPage#url}
     * @throws PageException if there is no page
     * @throws RetryAfterException if the server wants the next attempt not before some time
     * @throws InterruptedException if the thread was interrupted
     */
    FetchedPage get(String given, Url url) throws PageException, RetryAfterException, InterruptedException;
}
