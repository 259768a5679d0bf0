package dev.thrum.simulation.explore;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Schedules as text: a checksum of the program's name, arguments and time limits, and the threads that take the steps. */
final class ScheduleText {
    private static final String VERSION = "s1";
    private static final int MOST_STEPS = 10_000_000;

    private ScheduleText() {}

    static String write(String program, int[] threads) {
        StringBuilder text =
                new StringBuilder(VERSION).append('-').append(checksum(program)).append('-');
        for (int i = 0; i < threads.length; ) {
            int end = i;
            while (end < threads.length && threads[end] == threads[i]) {
                end++;
            }
            text.append(i == 0 ? "" : ".").append(threads[i]);
            if (end - i > 1) {
                text.append('x').append(end - i);
            }
            i = end;
        }
        return text.toString();
    }

    /** The threads, in the order of the steps. */
    static int[] read(String program, String text) {
        List<String> parts = List.of(text.split("-", -1));
        if (parts.size() != 3 || !parts.getFirst().equals(VERSION)) {
            throw new IllegalArgumentException(
                    "expected a schedule such as s1-1a2b3c4d-0x3.1 but was \"" + text + "\": copy it from a finding");
        }
        if (!parts.get(1).equals(checksum(program))) {
            throw new IllegalArgumentException("expected a schedule of " + program
                    + " but it is of another program, or of other arguments or time limits: " + text);
        }
        try {
            int[] threads = new int[0];
            for (String run : parts.get(2).split("\\.", -1)) {
                String[] pair = run.split("x", -1);
                int times = pair.length == 1 ? 1 : Integer.parseInt(pair[1]);
                int from = threads.length;
                if (times < 1 || from + times > MOST_STEPS) {
                    throw new NumberFormatException(run);
                }
                threads = Arrays.copyOf(threads, from + times);
                Arrays.fill(threads, from, from + times, Math.clamp(Integer.parseInt(pair[0]), 0, 63));
            }
            return threads;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected threads and numbers of steps, such as 0x3.1, but was " + parts.get(2), e);
        }
    }

    private static String checksum(String program) {
        CRC32C checksum = new CRC32C();
        checksum.update(program.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(checksum.getValue());
    }
}
