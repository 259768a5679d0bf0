package dev.thrum.pipeline;

import java.time.Duration;

/**
 * One attempt at one item, as its {@link StageFunction} sees it. Only for the thread that runs the function, and only
 * until the function returns.
 */
public interface StageRun {
    /** The number of this attempt, from 1. A second delivery by a broker begins again at 1. */
    int attempt();

    /**
     * Sends an item to a stage of {@link StageOptions#sendsTo}. Waits while the queue of that stage is full, unless it
     * is sent backwards into a {@linkplain StageOptions#backlog backlog} or a queue that always has room.
     *
     * <p>While the pipeline stops, it waits for nothing, and the item is among those that are handed back.
     *
     * @throws QueueFullException if the backlog is full
     * @throws IllegalStateException if this stage was not configured to send there, or the attempt is over
     */
    <U> void emit(StageName<U> to, Item<U> item) throws InterruptedException;

    /**
     * Lets no item of this item's key begin until this long after the end of this attempt: a crawl delay. Other keys go
     * on, and no worker waits. Several calls: the longest counts.
     *
     * @throws IllegalStateException if the stage was configured without {@link StageOptions#perKey}
     */
    void holdKey(Duration pause);
}
