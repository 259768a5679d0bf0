package dev.thrum.crawl.crawler;

import dev.thrum.http.client.url.Url;
import java.util.List;

/** Is told what happens in a crawl. Called by several threads at once, which wait meanwhile. */
public interface CrawlListener {
    /**
     * Called about once a second.
     *
     * @param slowest the hosts that will take longest as far as that is known, the slowest first; a few
     */
    default void progress(CrawlCounts counts, List<HostWait> slowest) {}

    /**
     * The log that processes crawl by is out of reach: nothing is requested until it comes back. Called about once a second meanwhile.
     *
     * @param why one line
     */
    default void outOfReach(String why) {}

    /** The host that a seed redirects to belongs to the crawl from now on. */
    default void adopted(Url seed, Url target) {}
}
