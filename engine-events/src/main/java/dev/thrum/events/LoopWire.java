package dev.thrum.events;

import dev.thrum.engine.spi.Outgoing;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A connection that belongs to a loop. */
interface LoopWire extends Wire {
    /** The number of bytes of a file that are copied at once. */
    int MOST_COPIED = 64 * 1024;

    /** See SocketWire: with a larger one a slow but steady reader would look as if it did not read. */
    int SEND_BUFFER = 128 * 1024;

    Loop loop();

    OwnerWait ownerWait();

    /**
     * Begins the conversation, or a further run of one that has rested; called on the loop's thread, before the owner runs.
     *
     * @param home the virtual thread that owns the connection and runs on the loop; null if it does not run there
     */
    void begin(@Nullable Thread home);

    /** Sends the messages of its outbox, without waiting; called on the loop's thread. */
    void drain(Outgoing messages);

    @Override
    default void wake() {
        ownerWait().wakeAll();
    }

    @Override
    default boolean mayRest(boolean timed) {
        return true;
    }

    @Override
    default void suggestRest() {
        ownerWait().suggestRest();
    }

    @Override
    default void expireRead() {
        ownerWait().endInput();
    }

    /** Closes it without sending anything; called on the loop's thread. */
    void release();

    /** Sends some bytes of a file through memory, if the kernel can't send them directly. */
    default long copy(FileChannel source, long position, long count, long deadline) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, MOST_COPIED));
        return source.read(chunk, position) < 0 ? END : write(chunk.array(), 0, chunk.position(), deadline);
    }
}
