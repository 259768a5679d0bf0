package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What a program says about a stage.
 *
 * @param queue its queue; null for one in memory, of {@link StageOptions#capacity}
 * @param backlog the queue of what is sent backwards; null for one in memory, if the options have a backlog
 */
record StageDefinition<T>(
        StageName<T> name,
        StageOptions options,
        @Nullable PipelineQueue<T> queue,
        @Nullable PipelineQueue<T> backlog,
        StageFunction<T> function) {

    /** The same stage on queues that other processes share. */
    StageDefinition<T> on(SharedQueues shared, Clock clock) {
        SharedQueues.StageQueues<T> queues = shared.open(name, options, clock);
        return new StageDefinition<>(name, options, queues.input(), queues.backlog(), function);
    }

    /** Whether senders wait for room in its queue, other than that for items sent backwards. */
    boolean waitsForRoom() {
        return queue == null || queue.waitsForRoom();
    }
}
