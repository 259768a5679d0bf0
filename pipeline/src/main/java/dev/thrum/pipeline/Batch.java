package dev.thrum.pipeline;

import dev.thrum.pipeline.PipelineQueue.Delivery;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Items that a worker has taken from its queue at once and not begun. Its owner takes them one by one, and so does any
 * worker of the stage that has nothing to do: so no item waits for a slow one while a worker is free.
 */
final class Batch<T> {
    private final List<Delivery<T>> items;

    /** The index of the next item; whoever increments it owns that item. At or beyond the end, nothing is left. */
    private final AtomicInteger next = new AtomicInteger();

    Batch(List<Delivery<T>> items) {
        this.items = items;
    }

    /** Takes the oldest item; null if none is left. */
    @Nullable
    Delivery<T> take() {
        if (next.get() >= items.size()) {
            return null;
        }
        int index = next.getAndIncrement();
        return index < items.size() ? items.get(index) : null;
    }

    /** The number of items that nobody has taken. */
    int size() {
        return Math.max(0, items.size() - next.get());
    }

    /** The oldest item that nobody has taken; null if none is left. */
    @Nullable
    Delivery<T> peek() {
        int index = next.get();
        return index < items.size() ? items.get(index) : null;
    }
}
