package dev.thrum.events;

import dev.thrum.engine.spi.Wire;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A pool of buffers shared by the connections of a loop. A waiting connection needs none, so a few buffers serve
 * thousands and stay in the processor's cache. Owned by the loop's thread.
 */
final class BufferPool {
    private static final int KEPT = 8;

    private final Deque<byte[]> spare = new ArrayDeque<>(KEPT);

    byte[] take() {
        byte[] last = spare.pollLast();
        return last == null ? new byte[Wire.BORROWED] : last;
    }

    void give(byte[] buffer) {
        if (spare.size() < KEPT) {
            spare.addLast(buffer);
        }
    }
}
