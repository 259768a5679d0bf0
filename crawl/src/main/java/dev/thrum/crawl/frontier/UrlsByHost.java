package dev.thrum.crawl.frontier;

import java.util.Map;
import java.util.Optional;

/** URLs that wait to be fetched, by host. Safe for concurrent use. */
public interface UrlsByHost {
    /** Whether other processes add URLs, too. */
    default boolean isShared() {
        return false;
    }

    /** Adds a URL: it waits from now on. */
    void add(NewUrl url);

    /** Takes the next URL of a host; empty if none waits, or none is given out. */
    Optional<KnownUrl> next(String host);

    /** Makes a URL wait again that was taken. */
    void putBack(KnownUrl url);

    /** The number of URLs that wait, without those that are taken. */
    long waiting();

    /** The number of URLs of a host that wait. */
    long waiting(String host);

    /** The hosts with waiting URLs, and how many: a copy. */
    Map<String, Long> hosts();
}
