package dev.thrum.crawl.robots;

import dev.thrum.crawl.fetch.RetryAfter;
import dev.thrum.http.Headers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the response to a request for robots.txt means, or its absence (RFC 9309, 2.3.1). */
public sealed interface RobotsAnswer {
    /** There are rules, or there is no robots.txt. */
    record Rules(RobotsRules rules) implements RobotsAnswer {}

    /**
     * Nobody can tell what the rules are: nothing else may be requested, and robots.txt later again.
     *
     * @param reason one line
     * @param retryAfter how long the server wants no request; null if it did not say so, or said it with a malformed or
     *     past value
     */
    record Unreachable(String reason, @Nullable Duration retryAfter) implements RobotsAnswer {}

    /**
     * What a response means. A success has rules; 429 and what is not of 200 to 499 says nothing about them; anything
     * else means that there is no robots.txt. So does a redirect: this is called when up to five of them have been
     * followed.
     *
     * @param body all of it, or at least its first {@value RobotsRules#MOST_BYTES} bytes
     * @param agent as for {@link RobotsRules#parse}
     * @param now for a {@code Retry-After} that is a date
     */
    static RobotsAnswer of(int status, Headers headers, byte[] body, String agent, Instant now) {
        // 429 is a client's error only by its number (RFC 6585, 4).
        if (status < 200 || status >= 500 || status == 429) {
            return unreachable(status, headers, now);
        }
        return new Rules(status < 300 ? RobotsRules.parse(body, agent) : RobotsRules.ALLOW_ALL);
    }

    /**
     * What it means that there is no response, or that one ended early. It does not mean this if the first {@value
     * RobotsRules#MOST_BYTES} bytes of a body arrived, because others don't count.
     *
     * @param reason one line
     */
    static RobotsAnswer ofFailure(String reason) {
        return new Unreachable(reason, null);
    }

    private static Unreachable unreachable(int status, Headers headers, Instant now) {
        Duration wait = RetryAfter.of(headers, now).orElse(Duration.ZERO);
        String reason = "expected rules or their absence but was status " + status;
        return new Unreachable(reason, wait.isPositive() ? wait : null);
    }
}
