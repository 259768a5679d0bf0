package dev.thrum.crawl.fetch;

import dev.thrum.http.client.url.Url;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of one attempt to fetch a file. */
public sealed interface FetchResult {
    /**
     * The file is complete, durable and has its name.
     *
     * @param finalUrl where it came from, after redirects
     * @param name in the folder; safe to show on a terminal
     * @param bytes of the file
     * @param transferred bytes of the file that were received in this attempt
     * @param resumed whether a part of it was there before
     */
    record Saved(Url finalUrl, String name, long bytes, long transferred, boolean resumed) implements FetchResult {}

    /**
     * An earlier run has completed the file, it has not been changed on the disk since, and the server has no other version.
     *
     * @param name in the folder; safe to show on a terminal
     * @param bytes of the file
     */
    record AlreadyThere(Url finalUrl, String name, long bytes) implements FetchResult {}

    /**
     * The file is not there. A part of it may be kept, for the next attempt.
     *
     * @param reason one line, safe to show on a terminal
     * @param mayRetry whether a further attempt makes sense
     * @param retryAfter how long the server wants no further attempt; null if it has not said so
     * @param wholeHost whether this holds for everything on its host
     * @param status of the response; 0 if there was none
     */
    record Failed(String reason, boolean mayRetry, @Nullable Duration retryAfter, boolean wholeHost, int status)
            implements FetchResult, HeadResult {}
}
