package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The queue in front of a stage: in memory, or implemented by a broker.
 *
 * <p>This is the contract of an implementation. {@code PipelineQueueContract}, among the tests of this module, checks it.
 *
 * <ol>
 *   <li><b>At least once.</b> When {@link #put} has returned, the item is delivered at least once by {@link #poll}, in
 *       this process or, if the queue outlives it, in a later one. A delivery for which {@link #done} was called is not
 *       made again. One for which it was not is made again by a queue that outlives the process, to whoever opens the
 *       queue next; within a process it is made once, because the pipeline keeps it until it is done.
 *   <li><b>Identified.</b> A delivery has the {@link Item#id} that was put, each time. The queue doesn't compare ids: two
 *       items with the same id are both delivered.
 *   <li><b>Keyed.</b> A delivery has the {@link Item#key} that was put. Items of one key that one thread has put are
 *       delivered first in the order of those puts. There is no order between keys. A queue that several processes read
 *       delivers a key to one process at a time, if its stage limits keys; if not, it keeps no order between them. The
 *       limit of {@link StageOptions#perKey} is kept by the pipeline.
 *   <li><b>Serializable.</b> A delivered value is equal to the one that was put, but need not be the same object. A queue
 *       that leaves the process may refuse a value that it can't serialize with an {@link IllegalArgumentException}, in
 *       {@code put}.
 *   <li><b>Bounded.</b> A queue that {@linkplain #waitsForRoom waits for room} lets {@code put} wait while it is full.
 *       Any other never waits, and throws a {@link QueueFullException} at its limit.
 *   <li><b>Announced.</b> After an item can be polled, the queue calls the {@linkplain #listen listener}, unless it can tell
 *       that a call is not needed. {@code poll} never waits.
 *   <li><b>Tolerant of outages.</b> {@code poll} and {@code done} don't fail when a broker is out of reach: the one delivers nothing
 *       meanwhile, the other is made up for later, or forgotten, which leads to a second delivery.
 *   <li><b>Concurrent.</b> All methods may be called by any number of threads, platform and virtual. The listener is
 *       called without a lock of the queue.
 * </ol>
 *
 * <p>A pipeline opens none of its queues, but closes them all when it ends.
 *
 * @param <T> the values of the items
 */
public interface PipelineQueue<T> extends AutoCloseable {
    /**
     * An item that a queue has delivered and that is not yet {@linkplain PipelineQueue#done done}. An implementation adds
     * what it needs to acknowledge it, such as an offset.
     */
    interface Delivery<T> {
        Item<T> item();

        /** When the item arrived in this process, as a {@link Clock#nanoTime} of the pipeline's clock. */
        long since();

        /**
         * Called before each attempt, by the thread that makes it: whether it may begin. A queue that other processes
         * read as well says no when this one has lost the item to another; the item is then dropped, without {@code
         * done}. If it says yes, {@link #end} or {@code done} follows.
         */
        default boolean begin() {
            return true;
        }

        /** Called after an attempt that doesn't conclude the item: it waits again. */
        default void end() {}

        /** Whether this process still owns the item. During an attempt it must be true for whatever others see. */
        default boolean isHeld() {
            return true;
        }
    }

    /** A queue in memory that waits for room when this many items wait. */
    static <T> PipelineQueue<T> bounded(int capacity, Clock clock) {
        return MemoryQueue.bounded(capacity, clock);
    }

    /** A queue in memory that never waits, grows as needed, and refuses items beyond this limit. */
    static <T> PipelineQueue<T> growing(int limit, Clock clock) {
        return MemoryQueue.growing(limit, clock);
    }

    /** Whether {@link #put} waits while the queue is full. If not, it can close a cycle of stages. Always the same. */
    boolean waitsForRoom();

    /** Sets what is called after an item has arrived; once, before the first {@link #poll}. It is short and never waits. */
    void listen(Runnable arrived);

    /**
     * Adds an item. When it returns, the item is safe: in memory, or on the disks of the broker.
     *
     * @throws dev.thrum.work.QueueClosedException if the queue is closed, or is closed while it waits; the item was not
     *     added
     * @throws QueueFullException if the queue doesn't wait for room, and is full
     */
    void put(Item<T> item) throws InterruptedException;

    /**
     * Passes waiting items on, oldest first, and returns at once.
     *
     * @param most the largest number of items
     * @param to receives each item, before this returns
     * @return how many there were, perhaps 0
     */
    int poll(int most, Consumer<? super Delivery<T>> to);

    /** Acknowledges a delivery: its effects are complete, and it must not be made again. */
    void done(Delivery<T> delivery);

    /** The number of items that wait to be polled. */
    long size();

    /** The delivery that {@link #poll} would make next, without making it. For reports; may be empty while items wait. */
    Optional<Delivery<T>> peek();

    /**
     * Whether the queue outlives the process: it delivers what is not done again when it is opened again. After
     * {@link #close}, such a queue delivers nothing, and any other what is left. Always the same.
     */
    boolean isDurable();

    /**
     * Called when the pipeline stops, before {@link #close}: nothing is delivered any more. A queue that keeps what is put
     * takes what running functions send until it is closed, and lets none of them wait for room. Any other is closed at
     * once.
     */
    default void stopDelivering() {
        close();
    }

    /** Closes the queue: later and waiting puts fail. Idempotent. */
    @Override
    void close();
}
