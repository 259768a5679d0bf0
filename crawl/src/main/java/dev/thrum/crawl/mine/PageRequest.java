package dev.thrum.crawl.mine;

import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.http.client.url.Url;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A page to fetch, over all attempts.
 *
 * <p>Owned by one worker at a time: the pipeline passes it from one to the next. The deadline does not travel; where the work
 * is delivered a second time, its time begins again.
 */
final class PageRequest implements Serializable {
    private static final long serialVersionUID = 1;

    private final Url url;
    private transient @Nullable Deadline until;
    private transient @Nullable PageException lastFailure;

    PageRequest(Url url) {
        this.url = url;
    }

    Url url() {
        return url;
    }

    /**
     * When it must have ended; null for never.
     *
     * @param maxTime the time for all attempts, from the first call on; null for any
     */
    @Nullable
    Deadline until(@Nullable Duration maxTime, Clock clock) {
        if (until == null && maxTime != null) {
            until = Deadline.in(maxTime, clock);
        }
        return until;
    }

    void failed(PageException failure) {
        lastFailure = failure;
    }

    /** The failure of the last attempt; null if none was made, or it did not fail. */
    @Nullable
    PageException lastFailure() {
        return lastFailure;
    }
}
