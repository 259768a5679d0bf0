package dev.thrum.events;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A pool of direct buffers for the system calls of threads that do not run on a loop; it grows to what they use at
 * the same time.
 */
final class Memory {
    /** The size of a buffer in bytes. */
    static final int SIZE = 64 * 1024;
    /** The maximum number of free buffers that are kept. */
    private static final int KEPT = 64;

    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

    ByteBuffer take() {
        ByteBuffer kept = free.poll();
        return kept != null ? kept : ByteBuffer.allocateDirect(SIZE);
    }

    void give(ByteBuffer memory) {
        if (free.size() < KEPT) {
            free.add(memory);
        }
    }
}
