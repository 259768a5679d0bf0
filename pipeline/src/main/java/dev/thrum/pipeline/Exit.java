package dev.thrum.pipeline;

import dev.thrum.work.QueueClosedException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The way from a stage to another.
 *
 * @param to the other stage
 * @param queue the queue of that stage that this one puts into
 * @param isStopping whether the pipeline stops, which is why the queue may be closed
 * @param handBack receives an item that finds the queue closed
 */
record Exit<U>(
        StageName<U> to, PipelineQueue<U> queue, BooleanSupplier isStopping, Consumer<? super Waiting<?>> handBack) {

    /** Sends an item that is registered. */
    void send(Item<U> item) throws InterruptedException {
        try {
            queue.put(item);
        } catch (QueueClosedException closed) {
            if (!isStopping.getAsBoolean()) {
                throw closed;
            }
            handBack.accept(new Waiting<>(to, item, 0));
        }
    }
}
