package dev.thrum.events.ring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
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

    /**
     * Lends a full chunk that is a part of a file, mapped and not copied. If the file is cut before the chunk was sent, sending
     * fails with EFAULT.
     *
     * @param count the number of bytes, which the file must have
     * @throws UnsupportedOperationException if this kind of channel can't be mapped
     */
    public Chunk map(FileChannel source, long position, int count) throws IOException {
        // Shared: the loop ends it, perhaps for another thread.
        Arena arena = Arena.ofShared();
        try {
            Chunk chunk = new Chunk(source.map(FileChannel.MapMode.READ_ONLY, position, count, arena), arena);
            lent++;
            return chunk;
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** Takes a chunk back, from which nothing is being sent. */
    public void give(Chunk chunk) {
        lent--;
        if (chunk.unmapped()) {
            return;
        }
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
