package dev.thrum.events;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

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
    private volatile int inside;

    private static final AtomicIntegerFieldUpdater<DescriptorRefs> INSIDE =
            AtomicIntegerFieldUpdater.newUpdater(DescriptorRefs.class, "inside");

    /** Returns whether the descriptor may be used until {@link #leave}. */
    boolean enter() {
        int before = inside;
        while (before >= 0 && !INSIDE.compareAndSet(this, before, before + 1)) {
            before = inside;
        }
        return before >= 0;
    }

    /** Returns whether the caller must close the descriptor. */
    boolean leave() {
        return INSIDE.decrementAndGet(this) == CLOSED;
    }

    /** Called once. Returns whether the caller must close the descriptor. */
    boolean close() {
        return INSIDE.getAndAdd(this, CLOSED) == 0;
    }
}
