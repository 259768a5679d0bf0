package dev.thrum.measure;

import java.util.Arrays;

/** A histogram of the durations of round trips, whose buckets are at most 1 % wide. Owned by one thread. */
public final class RoundTrips {
    /** Each power of two is divided into 2^FINENESS buckets. */
    private static final int FINENESS = 7;

    private final int[] counts = new int[Long.SIZE << FINENESS];
    private long total;

    public void add(long nanos) {
        counts[bucket(nanos)]++;
        total++;
    }

    public void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    public long total() {
        return total;
    }

    /** The duration in nanoseconds that this share of the round trips does not exceed. */
    public long quantile(double share) {
        long left = (long) Math.ceil(share * total);
        int bucket = 0;
        while (left > counts[bucket] && bucket < counts.length - 1) {
            left -= counts[bucket];
            bucket++;
        }
        return total == 0 ? 0 : middle(bucket);
    }

    private static int bucket(long nanos) {
        long value = Math.max(nanos, 1L << FINENESS);
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
        int part = (int) (value >>> (power - FINENESS)) & ((1 << FINENESS) - 1);
        return power << FINENESS | part;
    }

    private static long middle(int bucket) {
        int power = bucket >>> FINENESS;
        long width = 1L << (power - FINENESS);
        return (1L << power) + (bucket & ((1 << FINENESS) - 1)) * width + width / 2;
    }
}
