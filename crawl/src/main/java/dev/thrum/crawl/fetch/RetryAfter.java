package dev.thrum.crawl.fetch;

import dev.thrum.http.Headers;
import dev.thrum.http.syntax.HttpDate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The field {@code Retry-After} in both of its forms (RFC 9110, 10.2.3). */
public final class RetryAfter {
    /** Longer ones are not meant. */
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /** How long to wait, at least zero; empty if there is none or it is malformed. A date counts by the server's clock. */
    public static Optional<Duration> of(Headers headers, Instant now) {
        String value = headers.first("Retry-After").orElse("").strip();
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            String digits = value.length() > MOST_DIGITS ? "9".repeat(MOST_DIGITS) : value;
            return Optional.of(Duration.ofSeconds(Long.parseLong(digits)));
        }
        Instant here =
                headers.first("Date").flatMap(date -> HttpDate.parse(date, now)).orElse(now);
        return HttpDate.parse(value, now)
                .map(then -> Duration.between(here, then))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }
}
