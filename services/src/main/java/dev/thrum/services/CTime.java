package dev.thrum.services;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates in the form of C's {@code ctime}: 24 characters, {@code Fri Nov 20 08:24:00 2026} (ISO C 7.27.3.1). */
public final class CTime {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);

    private final DateTimeFormatter form;

    public CTime(ZoneId zone) {
        form = FORM.withZone(zone);
    }

    public String format(Instant instant) {
        return form.format(instant);
    }
}
