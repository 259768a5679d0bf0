package dev.thrum.events;

import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A connection that belongs to a loop. */
interface LoopWire extends Wire {
    /** So much of a file is copied at once. */
    int MOST_COPIED = 64 * 1024;

    Loop loop();

    /**
     * The conversation begins; called on the loop's thread, before the owner runs.
     *
     * @param home the virtual thread that owns the connection and that the loop carries; null if the loop carries none
     */
    void begin(@Nullable Thread home);

    /** Closes it, without a word; on the loop's thread. */
    void release();

    /** Sends some bytes of a file by way of memory, where the kernel can't send them. */
    default long copy(FileChannel source, long position, long count, long deadline) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, MOST_COPIED));
        return source.read(chunk, position) < 0 ? END : write(chunk.array(), 0, chunk.position(), deadline);
    }
}
