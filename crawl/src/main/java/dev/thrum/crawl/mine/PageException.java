package dev.thrum.crawl.mine;

import dev.thrum.http.client.url.Url;
import org.jspecify.annotations.Nullable;

/** The failure of one attempt to get a page; the message is the reason. */
final class PageException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Url finalUrl;
    private final int status;
    private final boolean isTransient;

    /**
     * Creates a failure.
     *
     * @param finalUrl where the response came from; null if there was none
     * @param status of the response; 0 if there was none
     * @param isTransient whether it may be gone next time
     */
    PageException(String reason, @Nullable Url finalUrl, int status, boolean isTransient) {
        super(reason);
        this.finalUrl = finalUrl;
        this.status = status;
        this.isTransient = isTransient;
    }

    boolean isTransient() {
        return isTransient;
    }

    Mined.Failed toMined(String url) {
        return new Mined.Failed(url, finalUrl, status, String.valueOf(getMessage()));
    }
}
