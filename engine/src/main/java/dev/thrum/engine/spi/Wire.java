package dev.thrum.engine.spi;

import dev.thrum.base.Clock;
import dev.thrum.engine.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The bare byte stream below a {@link Connection}, as an engine supplies it; programs use the connection.
 *
 * <p>{@code read}, {@code write}, {@code transfer} and {@code shutdownOutput} are called by the owner of the
 * connection only, as is {@code finish}; {@code expireRead} and {@code reset} by any thread, any number of times. Deadlines
 * are readings of the engine's {@link Clock#nanoTime}. An engine that answers true to
 * {@link EngineBackend#enforcesDeadlines} keeps them here; for the others the engine's reaper calls {@code expireRead} or
 * {@code reset} when one has passed.
 */
public interface Wire {
    /** How large a buffer is that {@link #borrow} gives. */
    int BORROWED = 8 * 1024;

    /** What {@link #read} returns at the end of the stream, and {@link #transfer} at the end of the file. */
    int END = -1;

    /** What {@link #read}, {@link #write} and {@link #transfer} return when the deadline has passed. */
    int EXPIRED = -2;

    InetSocketAddress peer();

    InetSocketAddress local();

    /** Waits for at least one byte; returns how many came, {@link #END} or {@link #EXPIRED}. */
    int read(byte[] target, int offset, int length, long deadline) throws IOException;

    /** Waits until {@link #read} need not wait, as long as that would; returns at once where that is not known. */
    default void awaitInput(long deadline) throws IOException {}

    /**
     * A buffer of {@link #BORROWED} bytes that connections share which don't run at the same time, or null where there is
     * none. It is in the cache already, and who waits need not have one.
     */
    default byte @Nullable [] borrow() {
        return null;
    }

    /** Gives back what was borrowed. */
    default void giveBack(byte[] buffer) {}

    /** How many bytes {@link #read} would return without waiting; 0 where that is not known. */
    int available() throws IOException;

    /**
     * Whether nothing has come that was not read: neither bytes, nor the end. Asks the kernel anew where
     * {@link #available} goes by what was reported.
     *
     * @throws IOException if the connection is broken
     */
    boolean isQuiet() throws IOException;

    /**
     * Whether the peer has ended its half of the stream or broken it, as far as that can be told without waiting. Bytes
     * that came before may still be there to be read, and may hide it.
     */
    boolean hasEnded() throws IOException;

    /** Waits until the network has taken all the bytes; returns {@code length} or {@link #EXPIRED}. */
    int write(byte[] source, int offset, int length, long deadline) throws IOException;

    /**
     * Waits until the network has taken some bytes of a file, without copying them where the engine can; returns how
     * many (at least 1), {@link #END} if the file has no byte at this position, or {@link #EXPIRED}.
     */
    long transfer(FileChannel source, long position, long count, long deadline) throws IOException;

    /**
     * The most that {@link #transfer} is asked for at once, and so that one deadline covers; more where it returns as soon
     * as the network has taken a part.
     */
    default int transferChunk() {
        return 64 * 1024;
    }

    /** Ends our half of the stream: the peer reads its end after what was written. */
    void shutdownOutput() throws IOException;

    /**
     * Takes leave without blocking: writes what of {@code lastWords} fits, ends the output, and releases everything
     * once the peer has closed too or a short while has passed. Input is thrown away meanwhile: closing at once with
     * input unread would reset the connection, and the peer could lose what was written last (RFC 1122, 4.2.2.13).
     */
    void finish(byte[] lastWords);

    /** Makes the read under way and all later ones return {@link #END}; writing goes on. */
    void expireRead();

    /** Closes at once, both ways; reads and writes under way fail. */
    void reset();
}
