package dev.thrum.bench.handshakes;

import java.util.Arrays;
import java.util.List;

/**
 * The CPU times of many handshakes, in nanoseconds.
 *
 * @param count the number of handshakes
 * @param whole of all steps of the server
 * @param step of the longest one, which holds a loop
 */
public record HandshakeTimes(int count, Times whole, Times step) {
    /** What half of the times, 99 % of them, and all don't exceed. */
    public record Times(long p50, long p99, long max) {
        private static Times of(List<Long> values) {
            long[] sorted = values.stream().mapToLong(value -> value).sorted().toArray();
            return new Times(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
        }

        private static long at(long[] sorted, double share) {
            return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
        }

        private String text() {
            return p50 + " " + p99 + " " + max;
        }
    }

    static HandshakeTimes of(List<Steps> all) {
        return new HandshakeTimes(
                all.size(),
                Times.of(all.stream().map(Steps::total).toList()),
                Times.of(all.stream().map(Steps::longest).toList()));
    }

    /** Parses the format of {@link #toString}. */
    public static HandshakeTimes parse(String text) {
        long[] fields =
                Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
        return new HandshakeTimes(
                (int) fields[0],
                new Times(fields[1], fields[2], fields[3]),
                new Times(fields[4], fields[5], fields[6]));
    }

    @Override
    public String toString() {
        return count + " " + whole.text() + " " + step.text();
    }
}
