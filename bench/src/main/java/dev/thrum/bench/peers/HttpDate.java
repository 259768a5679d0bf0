package dev.thrum.bench.peers;

import io.netty.util.AsciiString;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of the header {@code Date} (RFC 9110, section 5.6.7), for loops that renew it once a second. */
public final class HttpDate {
    static final int PERIOD_MILLIS = 1_000;

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

    private final Clock clock;

    /** Written by the loop; read by the loop, and by the thread that starts the server. */
    private volatile AsciiString value;

    public HttpDate(Clock clock) {
        this.clock = clock;
        value = format(clock);
    }

    public AsciiString value() {
        return value;
    }

    void renew() {
        value = format(clock);
    }

    public static AsciiString format(Clock clock) {
        return AsciiString.cached(FORMAT.format(ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC)));
    }
}
