package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code Date}, made once a second for all connections.
 *
 * <p>Safe for concurrent use: what was made is immutable, and two threads that make the next one at once make the same.
 */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private volatile @Nullable Made made;

    private static final class Made {
        final byte[] line;

        /** The reading of the clock at which the second ends. */
        final long until;

        Made(byte[] line, long until) {
            this.line = line;
            this.until = until;
        }
    }

    /**
     * The line, with its end; not to be changed.
     *
     * @param now a reading of the clock
     */
    byte[] line(Clock clock, long now) {
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

    /** RFC 9110, 5.6.7 (IMF-fixdate). */
    static String format(Instant instant) {
        return FORMAT.format(instant);
    }
}
