package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import dev.thrum.work.WorkQueue;
import java.util.Optional;
import java.util.function.Consumer;

/** A {@link PipelineQueue} in memory: a {@link WorkQueue} that either waits for room or refuses. */
final class MemoryQueue<T> implements PipelineQueue<T> {
    /** What the queue keeps of an item. */
    private record Arrival<T>(Item<T> item, long since) implements Delivery<T> {}

    private final WorkQueue<Delivery<T>> queue;
    private final boolean waits;
    private final Clock clock;

    /** Set once, before the first item is polled. */
    private volatile Runnable arrived = () -> {};

    private MemoryQueue(int capacity, boolean waits, Clock clock) {
        this.queue = new WorkQueue<>(capacity, clock);
        this.waits = waits;
        this.clock = clock;
    }

    static <T> MemoryQueue<T> bounded(int capacity, Clock clock) {
        return new MemoryQueue<>(capacity, true, clock);
    }

    static <T> MemoryQueue<T> growing(int limit, Clock clock) {
        return new MemoryQueue<>(limit, false, clock);
    }

    @Override
    public boolean waitsForRoom() {
        return waits;
    }

    @Override
    public void listen(Runnable listener) {
        arrived = listener;
    }

    @Override
    public void put(Item<T> item) throws InterruptedException {
        Delivery<T> arrival = new Arrival<>(item, clock.nanoTime());
        if (waits) {
            queue.put(arrival);
        } else if (!queue.add(arrival)) {
            throw new QueueFullException(
                    "expected at most " + queue.capacity()
                            + " items in a queue that doesn't wait for room but they are all waiting: raise the limit, or send less");
        }
        arrived.run();
    }

    @Override
    public int poll(int most, Consumer<? super Delivery<T>> to) {
        return queue.poll(most, to);
    }

    /** Nothing survives the process, so there is nothing to acknowledge. */
    @Override
    public void done(Delivery<T> delivery) {}

    @Override
    public long size() {
        return queue.size();
    }

    @Override
    public Optional<Delivery<T>> peek() {
        return queue.peek();
    }

    @Override
    public boolean isDurable() {
        return false;
    }

    @Override
    public void close() {
        queue.close();
    }

    @Override
    public String toString() {
        return queue.toString();
    }
}
