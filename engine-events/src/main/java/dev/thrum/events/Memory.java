package dev.thrum.events;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Memory outside of the heap for the system calls of threads that no loop carries; there is as much as they need at once. */
final class Memory {
    /** Bytes of each piece. */
    static final int SIZE = 64 * 1024;
    /** More than so many at once are not kept. */
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
