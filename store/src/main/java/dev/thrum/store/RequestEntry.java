package dev.thrum.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request in the access log.
 *
 * @param head null if it could not be parsed
 * @param bytes the length of the response's body
 * @param micros the time it took, in microseconds
 */
public record RequestEntry(
        Instant at, String id, String client, @Nullable Head head, int status, long bytes, long micros) {
    /**
     * The parts of a request's head that are logged.
     *
     * @param scheme {@code https} if the client's connection is encrypted, else {@code http}
     * @param tls the TLS version of the connection to the server; null if it is not encrypted
     */
    public record Head(
            String method,
            String target,
            String version,
            @Nullable String referer,
            @Nullable String agent,
            String scheme,
            @Nullable String tls) {}
}
