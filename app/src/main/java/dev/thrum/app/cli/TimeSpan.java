package dev.thrum.app.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration in the syntax of the command line: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, and {@code 0}. */
public record TimeSpan(Duration duration, String text) {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    /** A year; a much longer duration would overflow a clock of nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Parses a duration.
     *
     * @throws IllegalArgumentException if the text is not a duration, or longer than a year
     */
    public static TimeSpan of(String text) {
        if (text.equals("0")) {
            return new TimeSpan(Duration.ZERO, text);
        }
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
     * Parses a duration that can't be zero.
     *
     * @throws IllegalArgumentException if the text is not a duration, shorter than a millisecond or longer than a year
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
