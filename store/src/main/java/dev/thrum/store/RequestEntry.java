package dev.thrum.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is logged.
 *
 * @param asked null if it could not be understood
 * @param bytes how long the body of the answer was
 * @param micros how long it took, in microseconds
 */
public record RequestEntry(
        Instant at, String id, String client, @Nullable Asked asked, int status, long bytes, long micros) {
    /** What was asked for. */
    public record Asked(
            String method,
            String target,
            String version,
            @Nullable String referer,
            @Nullable String agent) {}
}
