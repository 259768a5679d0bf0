package dev.thrum.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * What a program says about a stage.
 *
 * @param queue its queue; null for one in memory, of {@link StageOptions#capacity}
 */
record StageDefinition<T>(
        StageName<T> name, StageOptions options, @Nullable PipelineQueue<T> queue, StageFunction<T> function) {

    /** Whether senders wait for room in its queue, other than that for items sent backwards. */
    boolean waitsForRoom() {
        return queue == null || queue.waitsForRoom();
    }
}
