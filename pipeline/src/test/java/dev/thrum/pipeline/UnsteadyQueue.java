package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A queue with the faults that a broker may have and stay within the contract: late, sparing, and calling needlessly. */
final class UnsteadyQueue<T> implements PipelineQueue<T> {
    private final PipelineQueue<T> queue;
    private final Clock clock;
    private final RandomGenerator random;
    private volatile Runnable arrived = () -> {};
    private volatile boolean isClosed;

    UnsteadyQueue(PipelineQueue<T> queue, Clock clock, RandomGenerator random) {
        this.queue = queue;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public boolean waitsForRoom() {
        return queue.waitsForRoom();
    }

    @Override
    public void listen(Runnable listener) {
        arrived = listener;
        queue.listen(listener);
    }

    @Override
    public void put(Item<T> item) throws InterruptedException {
        if (random.nextInt(3) == 0) {
            clock.sleep(Duration.ofMillis(random.nextInt(500)));
        }
        queue.put(item);
        if (random.nextInt(3) == 0) {
            arrived.run();
        }
    }

    /**
     * Delivers fewer items than there are, and calls again for the others: seldom enough for a stage that has nothing to do
     * to come to rest, since each call leads to about three polls. When it is closed, it delivers what is left.
     */
    @Override
    public int poll(int most, Consumer<? super Delivery<T>> to) {
        if (!isClosed && random.nextInt(10) == 0) {
            clock.schedule(Duration.ofMillis(random.nextInt(500)), arrived);
            return 0;
        }
        return queue.poll(most, to);
    }

    @Override
    public void done(Delivery<T> delivery) {
        queue.done(delivery);
    }

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
        return queue.isDurable();
    }

    @Override
    public void close() {
        isClosed = true;
        queue.close();
    }
}
