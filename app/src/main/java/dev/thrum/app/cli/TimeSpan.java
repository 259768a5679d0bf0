package dev.thrum.app.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as commands take and show it: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}. */
public record TimeSpan(Duration duration, String text) {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    /** A year: more would not fit a clock of nanoseconds for long. */
    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * The duration that a user types.
     *
     * @throws IllegalArgumentException if it is none, or longer than a year
     */
    public static TimeSpan of(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected a duration such as 500ms, 10s, 5m or 1h but was \"" + text + "\"");
        }
        long count = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "expected a duration of at most " + LONGEST.toHours() + "h but was \"" + text + "\"");
        }
        return new TimeSpan(duration, text);
    }

    /**
     * The duration that a user types, where none at all would make no sense.
     *
     * @throws IllegalArgumentException if it is none, shorter than a millisecond or longer than a year
     */
    public static TimeSpan positive(String text) {
        TimeSpan span = of(text);
        if (span.duration.isZero()) {
            throw new IllegalArgumentException("expected a duration of at least 1ms but was \"" + text + "\"");
        }
        return span;
    }

    @Override
    public String toString() {
        return text;
    }
}
