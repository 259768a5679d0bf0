package dev.thrum.http.syntax;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.base.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code Date}, formatted once a second for all connections; and dates in other fields.
 *
 * <p>Safe for concurrent use: a formatted line is immutable, and two threads that format the next one at once get the
 * same.
 */
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** The forms of RFC 850 and of asctime in C: obsolete, but recipients must accept them (RFC 9110, 5.6.7). */
    private static final DateTimeFormatter ASCTIME = DateTimeFormatter.ofPattern(
                    "EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final Pattern RFC_850 = Pattern.compile(
            "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\\d\\d)-(\\w{3})-(\\d\\d) (\\d\\d:\\d\\d:\\d\\d) GMT");
    private static final DateTimeFormatter WITHOUT_DAY =
            DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final int CENTURY = 100;

    private volatile @Nullable Made made;

    private static final class Made {
        final byte[] line;

        /** The reading of the clock at which its second ends. */
        final long until;

        Made(byte[] line, long until) {
            this.line = line;
            this.until = until;
        }
    }

    /**
     * The line with its line end; the array must not be changed.
     *
     * @param now a reading of the clock
     */
    public byte[] line(Clock clock, long now) {
        Made last = made;
        if (last != null && now - last.until < 0) {
            return last.line;
        }
        Instant instant = clock.instant();
        byte[] line = ("Date: " + format(instant) + "\r\n").getBytes(ISO_8859_1);
        long next = Duration.between(
                        instant, instant.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1))
                .toNanos();
        made = new Made(line, now + next);
        return line;
    }

    /** Formats a date as RFC 9110, 5.6.7 requires (IMF-fixdate). */
    public static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /**
     * Parses a date in any of the three forms (RFC 9110, 5.6.7); empty if it is malformed.
     *
     * @param now the current date, which decides the century of a year of two digits
     */
    public static Optional<Instant> parse(String text, Instant now) {
        try {
            if (text.endsWith(" GMT")) {
                Matcher old = RFC_850.matcher(text);
                return Optional.of(old.matches() ? ofTwoDigits(old, now) : FORMAT.parse(text, Instant::from));
            }
            return Optional.of(ASCTIME.parse(text, Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A date that seems to be more than 50 years in the future is of the century before (RFC 9110, 5.6.7). */
    private static Instant ofTwoDigits(Matcher old, Instant now) {
        int thisYear = now.atOffset(ZoneOffset.UTC).getYear();
        int year = thisYear - thisYear % CENTURY + Integer.parseInt(old.group(3));
        String day = old.group(1) + " " + old.group(2) + " ";
        Instant near = WITHOUT_DAY.parse(day + year + " " + old.group(4), Instant::from);
        Instant latest = now.atOffset(ZoneOffset.UTC).plusYears(CENTURY / 2).toInstant();
        return near.isAfter(latest)
                ? WITHOUT_DAY.parse(day + (year - CENTURY) + " " + old.group(4), Instant::from)
                : near;
    }
}
