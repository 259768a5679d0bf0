package dev.thrum.events;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A reference count that keeps a descriptor open while threads use it: once closed, its number may belong to another
 * connection.
 *
 * <p>Threads may enter until it is closed. Then the last thread to leave closes the descriptor; if none is inside,
 * the thread that calls {@link #close} does.
 */
final class DescriptorRefs {
    private static final int CLOSED = Integer.MIN_VALUE;

    /** The number of threads inside, with {@link #CLOSED} added once it is closed. */
    private final AtomicInteger inside = new AtomicInteger();

    /** Returns whether the descriptor may be used until {@link #leave}. */
    boolean enter() {
        int before = inside.get();
        while (before >= 0 && !inside.compareAndSet(before, before + 1)) {
            before = inside.get();
        }
        return before >= 0;
    }

    /** Returns whether the caller must close the descriptor. */
    boolean leave() {
        return inside.decrementAndGet() == CLOSED;
    }

    /** Called once. Returns whether the caller must close the descriptor. */
    boolean close() {
        return inside.getAndAdd(CLOSED) == 0;
    }
}
