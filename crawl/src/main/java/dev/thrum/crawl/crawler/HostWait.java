package dev.thrum.crawl.crawler;

import dev.thrum.base.Plural;
import java.time.Duration;

/**
 * A host with URLs that wait, or with a request that runs, and what it waits for.
 *
 * @param host an authority, such as {@code https://example.org}
 * @param time for {@link Cause#RESPONSE}, since when; otherwise how long until the next request
 * @param urls that wait
 */
public record HostWait(String host, Cause cause, Duration time, long urls) {
    /** What is waited for. */
    public enum Cause {
        /** A response to a request that runs. */
        RESPONSE("for a response"),
        /** The end of the pause between two requests. */
        DELAY("more for its delay"),
        /** The end of the pause after a server has asked for fewer requests. */
        THROTTLED("more, as it wants fewer requests (Retry-After, or our back-off)"),
        /** The next attempt at robots.txt, without which nothing may be requested. */
        ROBOTS("more until it is asked for robots.txt again"),
        /** The next attempt after failures. */
        BACK_OFF("more until it is tried again");

        private final String words;

        Cause(String words) {
            this.words = words;
        }
    }

    /** In words, in whole seconds. */
    @Override
    public String toString() {
        long seconds = cause == Cause.RESPONSE
                ? time.toSeconds()
                : time.plusNanos(999_999_999).toSeconds();
        return host + " waits " + seconds + " s " + cause.words + ", with " + Plural.of(urls, "URL");
    }
}
