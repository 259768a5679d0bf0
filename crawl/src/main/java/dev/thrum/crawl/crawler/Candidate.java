package dev.thrum.crawl.crawler;

import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.url.Skip;
import org.jspecify.annotations.Nullable;

/**
 * A URL that was found, and judged.
 *
 * @param url to be added to the frontier if nobody knows it yet
 * @param skip why it is not fetched; null if it is
 * @param mayComeAgain whether it may be found elsewhere without that reason
 */
record Candidate(NewUrl url, @Nullable SkipReason skip, boolean mayComeAgain) {
    /**
     * Why a URL is not fetched.
     *
     * @param word for records, which can be counted
     * @param detail for people
     */
    record SkipReason(String word, String detail) {
        static final String ROBOTS = "robots";
        static final String NOFOLLOW = "nofollow";
        static final String GUARD = "guard";
        static final String HOST = "host";
        static final String MALFORMED = "malformed";
        static final String TYPE = "type";
        static final String UNLINKED = "unlinked";
        static final String REDIRECT = "redirect";

        static SkipReason of(Skip skip) {
            return new SkipReason(skip.reason().word(), skip.detail());
        }
    }
}
