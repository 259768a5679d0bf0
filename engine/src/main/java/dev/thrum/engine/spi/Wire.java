package dev.thrum.engine.spi;

import dev.thrum.base.Clock;
import dev.thrum.engine.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bare byte stream below a {@link Connection}, as an engine supplies it; programs use the connection.
 *
 * <p>{@code write}, {@code transfer} and {@code shutdownOutput} are called by the owner of the output only; the other
 * calls that wait or ask for input by the owner of the input, which may be another thread at the same time; {@code finish}
 * by one thread when neither reads or writes; {@code wake}, {@code suggestRest}, {@code expireRead} and {@code reset} by any
 * thread, any number of times.
 * Deadlines are readings of the engine's {@link Clock#nanoTime}. If {@link EngineBackend#enforcesDeadlines} is true,
 * the wire enforces them; otherwise the engine's reaper calls {@code expireRead} or {@code reset} when one has
 * passed.
 */
public interface Wire {
    /** The size in bytes of a buffer from {@link #borrow}. */
    int BORROWED = 8 * 1024;

    /** Returned by {@link #read} at the end of the stream, and by {@link #transfer} at the end of the file. */
    int END = -1;

    /** Returned by {@link #read}, {@link #write} and {@link #transfer} when the deadline has passed. */
    int EXPIRED = -2;

    /** In place of a number of bytes: nothing was read, because the connection should rest. No call of a wire returns it. */
    int RESTS = -3;

    /** The wire that the backend has made: this one, unless it wraps another. */
    default Wire base() {
        return this;
    }

    InetSocketAddress peer();

    InetSocketAddress local();

    /** Waits for at least one byte; returns how many were read, {@link #END} or {@link #EXPIRED}. */
    int read(byte[] target, int offset, int length, long deadline) throws IOException;

    /**
     * Waits until {@link #read} would not wait, at most until the deadline; returns at once if the wire can't tell.
     */
    default void awaitInput(long deadline) throws IOException {}

    /**
     * Waits until {@link #read} would not wait, at most this long, and no longer than until a condition holds. Unlike a
     * deadline, none of this changes anything.
     *
     * @param woken the condition; whoever makes it true calls {@link #wake} then
     * @return whether {@code read} would return or fail at once
     */
    boolean awaitInput(Duration patience, BooleanSupplier woken) throws IOException;

    /**
     * Makes a thread in {@link #awaitInput(Duration, BooleanSupplier)} or {@link #awaitExchange} check its condition, and
     * wakes a conversation that rests.
     */
    void wake();

    /**
     * Whether a connection that waits for its next exchange should do that by {@link #awaitExchange}, and rest when that
     * says so. If not, its thread waits.
     *
     * @param timed whether it waits for timers too
     */
    default boolean mayRest(boolean timed) {
        return false;
    }

    /**
     * Waits until {@link #read} would not wait, or until the connection should rest, or a condition holds. Called only if
     * {@link #mayRest}.
     *
     * @param deadline for wires that enforce it: {@code readNow} reports that it has passed
     * @param woken as in {@link #awaitInput(Duration, BooleanSupplier)}
     * @return whether {@link #readNow} should be tried; if not, the connection should rest, unless the condition holds
     */
    default boolean awaitExchange(long deadline, BooleanSupplier woken) throws IOException {
        awaitInput(deadline);
        return true;
    }

    /** Reads like {@link #read}, but returns 0 if that would wait; called after {@link #awaitExchange}. */
    default int readNow(byte[] target, int offset, int length, long deadline) throws IOException {
        return read(target, offset, length, deadline);
    }

    /** Makes a thread in {@link #awaitExchange} return, because its connection has been silent for long. By any thread. */
    default void suggestRest() {}

    /**
     * Begins to rest: no thread waits, and the wire wakes the conversation, once, when {@code read} would not wait any more,
     * at {@link #wake}, {@link #expireRead} and {@link #reset}, and, if this wire enforces deadlines, at the deadline; at
     * once if that is so already. The last call of the owner, who must not use the wire after it.
     */
    default void rest(Resting conversation, long deadline) {
        conversation.wake();
    }

    /** A conversation without a thread, whose wire waits for it. */
    interface Resting {
        /** It must go on. Called once, by any thread; does not block. */
        void wake();
    }

    /**
     * Lends a buffer of {@link #BORROWED} bytes, or returns null if there is none. Connections that don't run at the
     * same time share it, so it is in the processor's cache already, and a waiting connection needs no buffer.
     */
    default byte @Nullable [] borrow() {
        return null;
    }

    /** Gives a borrowed buffer back. */
    default void giveBack(byte[] buffer) {}

    /** The number of bytes that {@link #read} would return without waiting; 0 if unknown. */
    int available() throws IOException;

    /**
     * Whether nothing unread has arrived, neither bytes nor the end of the stream. Asks the kernel again, where
     * {@link #available} relies on earlier reports.
     *
     * @throws IOException if the connection is broken
     */
    boolean isQuiet() throws IOException;

    /**
     * Whether the peer has ended its half of the stream or broken it, as far as can be determined without waiting.
     * Unread bytes may remain, and may hide the end.
     */
    boolean hasEnded() throws IOException;

    /** Waits until the network has taken all the bytes; returns {@code length} or {@link #EXPIRED}. */
    int write(byte[] source, int offset, int length, long deadline) throws IOException;

    /**
     * Writes like {@link #write(byte[], int, int, long)}, the first bytes of {@code head} before the others, with fewer calls
     * of the network where the wire can.
     *
     * @return {@code headLength + length} or {@link #EXPIRED}
     */
    default int write(byte[] head, int headLength, byte[] source, int offset, int length, long deadline)
            throws IOException {
        if (write(head, 0, headLength, deadline) == EXPIRED || write(source, offset, length, deadline) == EXPIRED) {
            return EXPIRED;
        }
        return headLength + length;
    }

    /**
     * Waits until the network has taken some bytes of a file, without copying them where the engine can; returns how
     * many (at least 1), {@link #END} if the file has no byte at this position, or {@link #EXPIRED}.
     */
    long transfer(FileChannel source, long position, long count, long deadline) throws IOException;

    /**
     * The most bytes that one call of {@link #transfer} is asked for, and so that one deadline covers; larger for
     * wires that return as soon as the network has taken a part.
     */
    default int transferChunk() {
        return 64 * 1024;
    }

    /**
     * Whether the end of the stream that {@link #read} has found may not be the peer's: an encrypted stream that ends
     * without a word of its own may have been cut by anybody on the way (RFC 8446, 6.1). Plain ones don't tell.
     */
    default boolean isTruncated() {
        return false;
    }

    /** Ends our half of the stream: the peer reads its end after what was written. */
    void shutdownOutput() throws IOException;

    /**
     * Closes the connection with a lingering close, without blocking: writes as much of {@code lastWords} as fits,
     * ends the output, and releases everything once the peer has closed too or a short time has passed. Input is
     * discarded meanwhile: closing at once with unread input would reset the connection, and the peer could lose the
     * last output (RFC 1122, 4.2.2.13).
     */
    void finish(byte[] lastWords);

    /** Makes the current read and all later ones return {@link #END}; writing goes on. */
    void expireRead();

    /** Closes both directions at once; current reads and writes fail. */
    void reset();
}
