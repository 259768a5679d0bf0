package dev.thrum.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Times in lines; the part down to the second is formatted once per second. Owned by the thread that writes. */
final class LineTime {
    private static final int MILLIS = 1_000;
    private static final byte[] MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec".getBytes(StandardCharsets.US_ASCII);
    private static final int LETTERS = 3;

    private final ZoneId zone;
    private final LineBuffer scratch = new LineBuffer();

    private long utcSecond = Long.MIN_VALUE;
    private byte[] utc = new byte[0];
    private long localSecond = Long.MIN_VALUE;
    private byte[] local = new byte[0];

    /**
     * Creates a formatter.
     *
     * @param zone the time zone of {@link #local}
     */
    LineTime(ZoneId zone) {
        this.zone = zone;
    }

    /** Adds a time such as {@code 2026-11-20T08:20:00.123Z} (RFC 3339). */
    void utc(long millis, LineBuffer to) {
        long second = Math.floorDiv(millis, MILLIS);
        if (second != utcSecond) {
            LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
            scratch.clear();
            scratch.number(time.getYear(), 4);
            part('-', time.getMonthValue());
            part('-', time.getDayOfMonth());
            clock('T', time);
            scratch.add('.');
            utc = copy();
            utcSecond = second;
        }
        to.add(utc);
        to.number(Math.floorMod(millis, MILLIS), 3);
        to.add('Z');
    }

    /** Adds a time such as {@code 20/Nov/2026:08:20:00 +0100}. */
    void local(long millis, LineBuffer to) {
        long second = Math.floorDiv(millis, MILLIS);
        if (second != localSecond) {
            ZoneOffset offset = zone.getRules().getOffset(Instant.ofEpochSecond(second));
            LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, offset);
            scratch.clear();
            scratch.number(time.getDayOfMonth(), 2);
            scratch.add('/');
            for (int i = 0; i < LETTERS; i++) {
                scratch.add((char) MONTHS[(time.getMonthValue() - 1) * LETTERS + i]);
            }
            scratch.add('/');
            scratch.number(time.getYear(), 4);
            clock(':', time);
            int minutes = offset.getTotalSeconds() / 60;
            scratch.add(' ');
            scratch.add(minutes < 0 ? '-' : '+');
            scratch.number(Math.abs(minutes) / 60, 2);
            scratch.number(Math.abs(minutes) % 60, 2);
            local = copy();
            localSecond = second;
        }
        to.add(local);
    }

    private void clock(char before, LocalDateTime time) {
        part(before, time.getHour());
        part(':', time.getMinute());
        part(':', time.getSecond());
    }

    private void part(char before, int value) {
        scratch.add(before);
        scratch.number(value, 2);
    }

    private byte[] copy() {
        byte[] copy = new byte[scratch.size()];
        scratch.content().get(copy);
        return copy;
    }
}
