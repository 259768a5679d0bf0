package dev.thrum.crawl.mine;

import dev.thrum.base.Deadline;
import dev.thrum.http.client.url.Url;
import org.jspecify.annotations.Nullable;

/** Where pages come from. Called by several threads at once. */
@FunctionalInterface
interface PageSource {
    /**
     * Makes one attempt to get a page. Blocks.
     *
     * @param until when it must have ended; null for never
     * @throws PageException if there is no page
     * @throws InterruptedException if the thread was interrupted
     */
    FetchedPage get(Url url, @Nullable Deadline until) throws PageException, InterruptedException;
}
