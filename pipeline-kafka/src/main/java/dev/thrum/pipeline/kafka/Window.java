package dev.thrum.pipeline.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The items of one partition that this process has been given and that are not all done: how far the partition may be
 * committed. Offsets below the one that is committed are done, so it is that of the oldest item that is not. Owned by the
 * thread that polls the broker.
 */
final class Window<T> {
    private final Deque<TopicDelivery<T>> open = new ArrayDeque<>();

    /** The offset after the last one that was added; -1 before the first. */
    private long next = -1;

    /** What was sent to the broker as committed, and what it has confirmed; -1 before the first. */
    private long sent = -1;

    /** Adds the next item. */
    void add(TopicDelivery<T> delivery) {
        open.addLast(delivery);
        next = delivery.offset() + 1;
    }

    /** Adds the offset of a record that needs no work. */
    void skip(long offset) {
        next = offset + 1;
    }

    /** How many items it keeps, done or not. */
    int size() {
        return open.size();
    }

    /** The offset to commit, if it is larger than the one that was sent last. */
    OptionalLong toCommit() {
        while (!open.isEmpty() && open.getFirst().isDone()) {
            open.removeFirst();
        }
        long offset = open.isEmpty() ? next : open.getFirst().offset();
        return offset > sent && offset > 0 ? OptionalLong.of(offset) : OptionalLong.empty();
    }

    /** Notes that this offset is sent to the broker. */
    void sent(long offset) {
        sent = offset;
    }

    /** Notes that the last commit has failed, so that it is sent again. */
    void notSent() {
        sent = -1;
    }

    void forEach(Consumer<TopicDelivery<T>> action) {
        open.forEach(action);
    }

    boolean anyRunning() {
        return open.stream().anyMatch(delivery -> delivery.state() == TopicDelivery.State.RUNNING);
    }
}
