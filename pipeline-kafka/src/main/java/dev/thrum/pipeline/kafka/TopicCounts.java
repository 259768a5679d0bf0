package dev.thrum.pipeline.kafka;

import java.util.stream.IntStream;

/**
 * How many items of a topic were created and are done, by partition, and how many this process has taken. Guarded by the
 * lock of its {@link TopicQueue}.
 */
final class TopicCounts {
    private final boolean keyed;
    private final long[] created;
    private final long[] done;

    /** The offset after the last item that this process has taken from a partition; 0 if it doesn't own it. */
    private final long[] reached;

    /** What was done when this process began, and how many items of an unkeyed stage it has taken since; -1 before. */
    private long before = -1;

    private long taken;

    TopicCounts(boolean keyed, int partitions) {
        this.keyed = keyed;
        this.created = new long[partitions];
        this.done = new long[partitions];
        this.reached = new long[partitions];
    }

    int partitions() {
        return created.length;
    }

    /** Notes that a partition has had at least this many items. */
    void created(int partition, long items) {
        created[partition] = Math.max(created[partition], items);
    }

    /** Notes that at least this many items of a partition are done. */
    void done(int partition, long items) {
        done[partition] = Math.max(done[partition], items);
    }

    /** Notes that a look at all partitions is complete. */
    void looked() {
        if (before < 0) {
            before = sum(done);
        }
    }

    /** Notes that this process has taken an item, whose partition it owns up to this offset. */
    void taken(int partition, long nextOffset) {
        taken++;
        if (keyed) {
            reached[partition] = Math.max(reached[partition], nextOffset);
        }
    }

    /** Notes that a partition was taken from this process. */
    void revoked(int partition) {
        reached[partition] = 0;
    }

    /** The items that nobody has taken, as far as this process knows. */
    long waiting() {
        if (keyed) {
            return IntStream.range(0, created.length)
                    .mapToLong(i -> Math.max(0, created[i] - Math.max(done[i], reached[i])))
                    .sum();
        }
        return Math.max(0, sum(created) - Math.max(sum(done), Math.max(0, before) + taken));
    }

    private static long sum(long[] numbers) {
        long sum = 0;
        for (long number : numbers) {
            sum += number;
        }
        return sum;
    }
}
