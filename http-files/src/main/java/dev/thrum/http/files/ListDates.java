package dev.thrum.http.files;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Formats the dates of a list, in UTC. Entries of a folder often share a day, and the day is the slow part, so it is
 * kept. Owned by one thread.
 */
final class ListDates {
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_HOUR = 3_600;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int TEN = 10;

    private final StringBuilder target;

    private long lastDay = Long.MIN_VALUE;
    private String dayText = "";

    ListDates(StringBuilder target) {
        this.target = target;
    }

    /** As {@code 2026-11-20T08:24:00Z}. */
    void exact(Instant instant) {
        day(instant);
        int second = Math.floorMod(instant.getEpochSecond(), SECONDS_PER_DAY);
        target.append('T');
        two(second / SECONDS_PER_HOUR);
        target.append(':');
        two(second % SECONDS_PER_HOUR / SECONDS_PER_MINUTE);
        target.append(':');
        two(second % SECONDS_PER_MINUTE);
        target.append('Z');
    }

    /** As {@code 2026-11-20}. */
    void day(Instant instant) {
        long day = Math.floorDiv(instant.getEpochSecond(), SECONDS_PER_DAY);
        if (day != lastDay) {
            lastDay = day;
            // A file may have any time; a year that has not four digits gets a sign.
            dayText = LocalDate.ofInstant(instant, ZoneOffset.UTC).toString();
        }
        target.append(dayText);
    }

    /** As {@code 08:24}. */
    void minute(Instant instant) {
        int second = Math.floorMod(instant.getEpochSecond(), SECONDS_PER_DAY);
        two(second / SECONDS_PER_HOUR);
        target.append(':');
        two(second % SECONDS_PER_HOUR / SECONDS_PER_MINUTE);
    }

    private void two(int number) {
        target.append((char) ('0' + number / TEN)).append((char) ('0' + number % TEN));
    }
}
