package dev.thrum.crawl.crawler;

import dev.thrum.crawl.archive.Exchange;
import dev.thrum.crawl.archive.Truncation;
import dev.thrum.crawl.fetch.FetchResult;
import dev.thrum.http.Headers;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of one request. */
sealed interface Visit {
    /** When the request was sent. */
    Instant time();

    /**
     * A response.
     *
     * @param body decoded, as far as it was read; changed by nobody
     * @param truncated why the body is not whole; null if it is
     * @param exchange as it was on the wire
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Answered(
            Instant time,
            int status,
            Headers headers,
            byte[] body,
            @Nullable Truncation truncated,
            Exchange exchange) implements Visit {
        /** The value of a field; empty if there is none. */
        String field(String name) {
            return headers.first(name).orElse("");
        }
    }

    /** There is no response. */
    record Failed(Instant time, FetchResult.Failed failure) implements Visit {}

    /** The address must not be connected to. */
    record Refused(Instant time, String reason) implements Visit {}
}
