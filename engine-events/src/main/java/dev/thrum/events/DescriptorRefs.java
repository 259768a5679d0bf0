package dev.thrum.events;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a descriptor open while threads use it: once closed, its number may be another connection's.
 *
 * <p>It lets threads in until it is closed. The last one to leave then closes the descriptor; if nobody is inside, the thread
 * that calls {@link #close} does.
 */
final class DescriptorRefs {
    private static final int CLOSED = Integer.MIN_VALUE;

    /** How many are inside, with {@link #CLOSED} added once it is closed. */
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
