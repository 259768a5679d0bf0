package dev.thrum.crawl.mine;

import dev.thrum.http.client.url.Url;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The failure of one attempt to get a page, without a stack: the reason is all there is to report. */
final class PageException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Url finalUrl;
    private final int status;
    private final transient Next next;

    /**
     * What may be done next.
     *
     * @param mayRetry whether a further attempt makes sense
     * @param after how long the server wants no further attempt; null if it has not said so
     * @param wholeHost whether this holds for everything on its host
     */
    record Next(boolean mayRetry, @Nullable Duration after, boolean wholeHost) {
        static final Next NOTHING = new Next(false, null, false);
        static final Next RETRY = new Next(true, null, false);
    }

    /**
     * Creates a failure.
     *
     * @param finalUrl where the response came from; null if there was none
     * @param status of the response; 0 if there was none
     */
    PageException(String reason, @Nullable Url finalUrl, int status, Next next) {
        super(reason, null, false, false);
        this.finalUrl = finalUrl;
        this.status = status;
        this.next = next;
    }

    Next next() {
        return next;
    }

    Mined.Failed toMined(String url) {
        return new Mined.Failed(url, finalUrl, status, String.valueOf(getMessage()));
    }
}
