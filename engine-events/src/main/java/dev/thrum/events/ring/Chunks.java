package dev.thrum.events.ring;

import java.util.ArrayDeque;
import java.util.Deque;

/** The chunks of a loop: those that no connection has are kept for the next, up to a number. Owned by the loop's thread. */
public final class Chunks {
    private static final int KEPT = 256;

    private final Deque<Chunk> spare = new ArrayDeque<>();
    private int lent;

    /** Lends an empty chunk; throws {@link OutOfMemoryError} if the system has no memory. */
    public Chunk take() {
        Chunk kept = spare.pollLast();
        Chunk chunk = kept == null ? new Chunk(Kernel.map(Chunk.SIZE)) : kept;
        lent++;
        return chunk;
    }

    /** Takes a chunk back, from which nothing is being sent. */
    public void give(Chunk chunk) {
        lent--;
        if (spare.size() < KEPT) {
            chunk.clear();
            spare.addLast(chunk);
        } else {
            free(chunk);
        }
    }

    /** The number of chunks that are lent. */
    public int lent() {
        return lent;
    }

    /** Frees the spare chunks. */
    public void close() {
        spare.forEach(Chunks::free);
        spare.clear();
    }

    private static void free(Chunk chunk) {
        Kernel.unmap(chunk.free(), Chunk.SIZE);
    }
}
