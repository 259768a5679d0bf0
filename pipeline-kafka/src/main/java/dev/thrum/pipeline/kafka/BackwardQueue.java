package dev.thrum.pipeline.kafka;

import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.PipelineQueue;
import java.util.Optional;
import java.util.function.Consumer;

/** The way back into a topic: puts that never wait for room. The items are delivered by the {@link TopicQueue} itself. */
record BackwardQueue<T>(TopicQueue<T> queue, int limit) implements PipelineQueue<T> {
    @Override
    public boolean waitsForRoom() {
        return false;
    }

    @Override
    public void listen(Runnable arrived) {}

    @Override
    public void put(Item<T> item) throws InterruptedException {
        queue.putBackwards(item, limit);
    }

    @Override
    public int poll(int most, Consumer<? super Delivery<T>> to) {
        return 0;
    }

    @Override
    public void done(Delivery<T> delivery) {
        queue.done(delivery);
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public Optional<Delivery<T>> peek() {
        return Optional.empty();
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    /** The queue itself is stopped and closed. */
    @Override
    public void stopDelivering() {}

    @Override
    public void close() {}
}
