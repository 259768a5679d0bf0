package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import dev.thrum.work.QueueClosedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The simplest durable queue: a map of what is not done plays the disk, and can be opened again after a close. */
final class StoredQueue<T> implements PipelineQueue<T> {
    /** What outlives a queue: the items that are not done, by offset. */
    static final class Store<T> {
        private final Map<Long, Item<T>> undone = new LinkedHashMap<>();
        private long next;
    }

    private record Stored<T>(long offset, Item<T> item, long since) implements Delivery<T> {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Store<T> store;
    private final int limit;
    private final Clock clock;
    private final Deque<Stored<T>> waiting = new ArrayDeque<>();
    private boolean closed;
    private volatile Runnable arrived = () -> {};

    StoredQueue(Store<T> store, int limit, Clock clock) {
        this.store = store;
        this.limit = limit;
        this.clock = clock;
        store.undone.forEach((offset, item) -> waiting.add(new Stored<>(offset, item, clock.nanoTime())));
    }

    @Override
    public boolean waitsForRoom() {
        return false;
    }

    @Override
    public void listen(Runnable listener) {
        arrived = listener;
    }

    @Override
    public void put(Item<T> item) {
        lock.lock();
        try {
            if (closed) {
                throw new QueueClosedException("closed");
            }
            if (waiting.size() >= limit) {
                throw new QueueFullException("full");
            }
            long offset = store.next++;
            store.undone.put(offset, item);
            waiting.add(new Stored<>(offset, item, clock.nanoTime()));
        } finally {
            lock.unlock();
        }
        arrived.run();
    }

    @Override
    public int poll(int most, Consumer<? super Delivery<T>> to) {
        lock.lock();
        try {
            int number = 0;
            for (Iterator<Stored<T>> left = waiting.iterator(); !closed && number < most && left.hasNext(); number++) {
                to.accept(left.next());
                left.remove();
            }
            return number;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void done(Delivery<T> delivery) {
        lock.lock();
        try {
            @Nullable Item<T> _ = store.undone.remove(((Stored<T>) delivery).offset());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Delivery<T>> peek() {
        lock.lock();
        try {
            return Optional.ofNullable(waiting.peek());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
