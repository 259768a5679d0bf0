package dev.thrum.pipeline.partitions;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A log in partitions that several processes share: in memory ({@link MemoryPartitions}), or on a broker. Each partition belongs to at most
 * one process at a time, which can be another one at any time. Only members read partitions and write to them, all of them at once or not at all; so a
 * member's state can be made again from the log by whoever owns the partition next.
 *
 * <p>This is the contract of an implementation. {@code PartitionsContract}, among the tests of this module, checks it.
 *
 * <ol>
 *   <li><b>Owned.</b> A partition is {@linkplain PartitionOwner#assigned assigned} to one member, and to another one only after the first has
 *       returned from {@link PartitionOwner#revoked}, or was not heard of for as long as the log's session lasts.
 *   <li><b>Fenced.</b> A member that has lost its place writes nothing, also if it doesn't know that yet: {@link #commit} is refused. What it has begun
 *       to write before is complete or void before {@link PartitionOwner#caughtUp} is called for the next owner.
 *   <li><b>Atomic.</b> The entries of a commit, in any number of partitions, are all written or none. Their order in a partition is that of the list.
 *       A commit of which the outcome is unknown counts as refused: its entries may be in the log nevertheless, and be there twice when they
 *       are committed again. Whoever applies them must not mind.
 *   <li><b>Kept.</b> Records are kept for ever, and of facts and notices the latest value for each key.
 *   <li><b>Tolerant of outages.</b> While the log is out of reach, {@code poll} passes on nothing and {@code commit} is refused;
 *       {@link #trouble} says why.
 * </ol>
 *
 * <p>{@link #poll}, {@link #commit} and {@link #close} are called by one thread, the others by any.
 */
public interface Partitions extends AutoCloseable {
    /** How many partitions there are, from 0 on. Never changes. */
    int count();

    /** The name of this member, which no other one has or had. */
    String member();

    /**
     * Agrees with all members, present and future, on one text: that of the first who calls this.
     *
     * @param proposal what it is to be if there is none yet
     * @return what it is
     * @throws IOException if the log is out of reach
     */
    String agree(String proposal) throws IOException, InterruptedException;

    /**
     * Tells the owner what has happened: partitions that come and go, and new records. Also keeps this member's place: who doesn't call it for some
     * minutes loses its partitions.
     *
     * @param patience how long to wait if nothing has happened
     */
    void poll(Duration patience, PartitionOwner owner) throws IOException, InterruptedException;

    /**
     * Writes entries, and makes sure of this member's place: when this returns true, it had its partitions at some time after the call began. Also
     * without entries.
     *
     * @return false if nothing was written, or that is unknown; the caller polls, and tries again with what is still its own
     * @throws IOException if it can never be written, such as a record that is larger than the log takes
     */
    boolean commit(List<PartitionEntry> entries) throws IOException, InterruptedException;

    /** The offset of the next record of a partition that {@link #poll} passes on; comparable to {@link #ends}. -1 if it is not this member's. */
    long position(int partition);

    /**
     * The end of each partition: what anybody has written, or begun to write and not completed, is before it.
     *
     * @throws IOException if the log is out of reach
     */
    long[] ends() throws IOException, InterruptedException;

    /**
     * One record.
     *
     * @param offset of a record that was passed on to some owner
     * @throws IOException if the log is out of reach
     */
    byte[] read(int partition, long offset) throws IOException, InterruptedException;

    /** Tells all members something. The latest value for a key counts. May take a while, and is lost if the log is out of reach. */
    void tell(String key, String value);

    /** The latest notices of all members by key, as far as they have arrived: a copy. */
    Map<String, String> notices();

    /** Why the log is out of reach, in one line; empty if it isn't, as far as that is known. */
    Optional<String> trouble();

    /** Leaves: the partitions go to other members at once. Idempotent. */
    @Override
    void close();
}
