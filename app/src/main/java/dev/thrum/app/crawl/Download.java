package dev.thrum.app.crawl;

import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.crawl.fetch.FetchRequest;
import dev.thrum.crawl.fetch.FetchResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A URL to fetch, over all attempts.
 *
 * <p>Owned by one worker at a time: the pipeline passes it from one to the next.
 */
final class Download {
    private final FetchRequest request;
    private @Nullable Deadline until;
    private FetchResult.@Nullable Failed lastFailure;
    private int attempts;

    Download(FetchRequest request) {
        this.request = request;
    }

    /** The URL without user information, as messages show it. */
    String url() {
        return request.url().toString();
    }

    String host() {
        return request.url().host();
    }

    /**
     * Begins another attempt.
     *
     * @param maxTime the time for all attempts, from the beginning of the first; null for any
     */
    FetchRequest next(@Nullable Duration maxTime, Clock clock) {
        attempts++;
        if (maxTime != null && until == null) {
            until = Deadline.in(maxTime, clock);
        }
        return until == null ? request : request.with(until);
    }

    int attempts() {
        return attempts;
    }

    void failed(FetchResult.Failed failure) {
        lastFailure = failure;
    }

    /** The failure of the last attempt that has failed; null if none has. */
    FetchResult.@Nullable Failed lastFailure() {
        return lastFailure;
    }
}
