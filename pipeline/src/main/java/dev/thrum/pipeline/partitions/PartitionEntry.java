package dev.thrum.pipeline.partitions;

import org.jspecify.annotations.Nullable;

/**
 * What is to be written to a partition: a record of its log, or a fact.
 *
 * @param partition from 0
 * @param fact the key of a fact, of which the latest value counts; null for a record of the log
 * @param value belongs to the log from now on; changed by nobody
 */
@SuppressWarnings("ArrayRecordComponent")
public record PartitionEntry(int partition, @Nullable String fact, byte[] value) {
    /** A record of the log of a partition. */
    public static PartitionEntry record(int partition, byte[] value) {
        return new PartitionEntry(partition, null, value);
    }

    /** A fact of a partition. */
    public static PartitionEntry fact(int partition, String key, byte[] value) {
        return new PartitionEntry(partition, key, value);
    }
}
