package dev.thrum.base;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Points in time as text, in UTC and to the millisecond: {@code 2026-11-20T08:20:00.120Z} (RFC 3339). */
public final class Rfc3339 {
    private Rfc3339() {}

    /**
     * The text of an instant in the years 0 to 9999. Written by hand: a formatter takes ten times as long, and every
     * write needs a timestamp.
     */
    public static String text(Instant instant) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
        if (time.getYear() < 0 || time.getYear() > 9_999) {
            throw new IllegalArgumentException("expected a year from 0 to 9999 but was " + time.getYear());
        }
        byte[] text = {
            '0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0', '0', ':', '0', '0', ':', '0', '0', '.', '0',
            '0', '0', 'Z'
        };
        put(text, 3, time.getYear());
        put(text, 6, time.getMonthValue());
        put(text, 9, time.getDayOfMonth());
        put(text, 12, time.getHour());
        put(text, 15, time.getMinute());
        put(text, 18, time.getSecond());
        put(text, 22, instant.getNano() / 1_000_000);
        return new String(text, ISO_8859_1);
    }

    /** Puts the digits of a number over the zeros, with the last digit at this position. */
    private static void put(byte[] text, int last, int number) {
        int place = last;
        for (int left = number; left > 0; left /= 10) {
            text[place] = (byte) ('0' + left % 10);
            place--;
        }
    }
}
