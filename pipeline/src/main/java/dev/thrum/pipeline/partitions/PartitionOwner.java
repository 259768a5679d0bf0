package dev.thrum.pipeline.partitions;

import java.io.IOException;
import java.time.Duration;

/**
 * Is told which partitions this process owns, and what they hold. Called within {@link Partitions#poll} by its thread. Each may throw an
 * {@link IOException}, which {@code poll} passes on.
 */
public interface PartitionOwner {
    /**
     * A partition belongs to this process from now on. Its facts and records follow, and then {@link #caughtUp}.
     *
     * @return the offset of the first record that is wanted; 0 for all
     */
    long assigned(int partition) throws IOException;

    /**
     * A fact of a partition that was just assigned; the latest value for its key. Facts that this process writes itself are not passed on.
     *
     * @param age since it was written, by the clock of the log; at least zero
     */
    void fact(int partition, String key, byte[] value, Duration age) throws IOException;

    /**
     * A record of a partition that this process owns, in the order of the log; those that it has written itself, too.
     *
     * @param value changed by nobody
     */
    void record(int partition, long offset, byte[] value) throws IOException;

    /**
     * Everything was passed on that any process had begun to write before the partition was assigned. No process that owned it before can write to
     * it any more.
     */
    void caughtUp(int partition) throws IOException;

    /**
     * A partition is to be given to another process. It stays this process's own until this returns: it may {@linkplain Partitions#commit
     * commit}, and should not take longer than a minute.
     */
    void revoked(int partition) throws IOException, InterruptedException;

    /** A partition was taken from this process, which has not been heard of for too long: it may belong to another one already. */
    void lost(int partition) throws IOException;
}
