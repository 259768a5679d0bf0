package dev.thrum.pipeline.kafka;

import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.PipelineQueue.Delivery;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * An item that the broker has delivered to this process. Its state changes by compare-and-set: workers begin and conclude
 * it, and the thread that polls the broker takes it away.
 */
final class TopicDelivery<T> implements Delivery<T> {
    /** What has become of it. */
    enum State {
        /** It waits for an attempt, in the queue or set aside in its stage. */
        WAITING,
        RUNNING,
        DONE,
        /** Another process has it, or will have it. */
        LOST
    }

    private final Item<T> item;
    private final long since;
    private final int partition;
    private final long offset;
    private final BooleanSupplier held;
    private final Runnable changed;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    /**
     * A delivery that waits.
     *
     * @param held whether this process may still act on what it was given
     * @param changed called after an attempt has ended
     */
    TopicDelivery(Item<T> item, long since, int partition, long offset, BooleanSupplier held, Runnable changed) {
        this.item = item;
        this.since = since;
        this.partition = partition;
        this.offset = offset;
        this.held = held;
        this.changed = changed;
    }

    @Override
    public Item<T> item() {
        return item;
    }

    @Override
    public long since() {
        return since;
    }

    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    State state() {
        return state.get();
    }

    boolean isDone() {
        return state.get() == State.DONE;
    }

    @Override
    public boolean begin() {
        return held.getAsBoolean() && state.compareAndSet(State.WAITING, State.RUNNING);
    }

    @Override
    public void end() {
        if (state.compareAndSet(State.RUNNING, State.WAITING)) {
            changed.run();
        }
    }

    /** A pipeline that is asked for what it waits for may say done of an item that it never began. */
    void done() {
        if (state.compareAndSet(State.RUNNING, State.DONE) || state.compareAndSet(State.WAITING, State.DONE)) {
            changed.run();
        }
    }

    @Override
    public boolean isHeld() {
        return state.get() != State.LOST && held.getAsBoolean();
    }

    /** Takes it away, unless an attempt runs; returns whether it is not running any more. */
    boolean loseIfWaiting() {
        return state.compareAndSet(State.WAITING, State.LOST) || state.get() != State.RUNNING;
    }

    /** Takes it away in any case. */
    void lose() {
        State now = state.get();
        while (now != State.DONE && !state.compareAndSet(now, State.LOST)) {
            now = state.get();
        }
    }

    @Override
    public String toString() {
        return item.id() + " (" + partition + ":" + offset + ", " + state.get() + ")";
    }
}
