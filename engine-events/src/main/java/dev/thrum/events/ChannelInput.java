package dev.thrum.events;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What has come over a channel and its owner has not read; past {@link #MOST} bytes the loop stops reading.
 *
 * <p>The loop puts in, the owner takes out.
 */
final class ChannelInput {
    private static final int MOST = 64 * 1024;
    private static final byte[] NOTHING = new byte[0];

    /** How often a connection that has been paused is looked at while it waits. */
    private static final Duration CHECK = Duration.ofMillis(250);

    private final Loop loop;
    private final DuplexChannel channel;
    private final Kernel kernel;

    private final Queue<byte[]> queue = new ConcurrentLinkedQueue<>();

    /** How many bytes the queue holds, and the piece that is being read. */
    private final AtomicInteger backlog = new AtomicInteger();

    // Owned by the connection's owner: the bytes of piece from consumed on are not yet read.
    private byte[] piece = NOTHING;
    private int consumed;

    // Both owned by the loop's thread.
    private boolean hasPaused;
    private boolean watched;

    // Both written by the loop.
    private volatile boolean paused;
    private volatile boolean ended;

    /**
     * What differs from one kind of channel to the next.
     *
     * @param reset whether the connection is over in the kernel's eyes; false where that need not be asked
     * @param farthest up to which position of a file the channel can be trusted to send it
     */
    record Kernel(Predicate<DuplexChannel> reset, long farthest) {}

    ChannelInput(Loop loop, DuplexChannel channel, Kernel kernel) {
        this.loop = loop;
        this.channel = channel;
        this.kernel = kernel;
    }

    // The loop's half.

    void add(ByteBuf bytes, ChannelHandlerContext context) {
        int count = bytes.readableBytes();
        if (count == 0) {
            return;
        }
        byte[] copy = new byte[count];
        bytes.readBytes(copy);
        queue.add(copy);
        if (backlog.addAndGet(count) > MOST && !paused) {
            pause();
        } else if (hasPaused && !paused) {
            // io_uring's channel forgets that it was told to read on, if that was while it was still stopping.
            context.read();
        }
    }

    void end() {
        ended = true;
    }

    /** Nobody reads any more: what comes is thrown away. */
    void drop() {
        queue.clear();
        channel.config().setAutoRead(true);
    }

    /** Stops reading. The owner may have taken everything before it could see that. */
    private void pause() {
        paused = true;
        hasPaused = true;
        channel.config().setAutoRead(false);
        if (backlog.get() <= MOST / 2) {
            resume();
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            channel.config().setAutoRead(true);
            if (!watched) {
                watched = true;
                loop.later(CHECK, () -> noticeReset(false));
            }
        }
    }

    /**
     * Ends the wait for a connection that is long gone: an io_uring channel that was told to stop and to go on overlooks a
     * reset that came between, and waits for ever.
     */
    private void noticeReset(boolean goneBefore) {
        if (!channel.isOpen() || ended || paused) {
            watched = false;
            return;
        }
        boolean gone = queue.isEmpty() && kernel.reset().test(channel);
        if (gone && goneBefore) {
            var _ = channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
        } else {
            loop.later(CHECK, () -> noticeReset(gone));
        }
    }

    // The owner's half.

    /** Whether there is nothing to read, nor an end. */
    boolean isEmpty() {
        return queue.isEmpty() && consumed == piece.length && !ended;
    }

    /** How many bytes can be read without waiting. */
    int available() {
        return backlog.get();
    }

    /** Reads what is there; returns 0 if that is nothing, -1 at the end of the stream. */
    int read(byte[] target, int offset, int length) {
        if (consumed == piece.length) {
            // Asked before: what comes between the two questions comes before the end.
            boolean nothingFollows = ended;
            byte[] next = queue.poll();
            if (next == null) {
                return nothingFollows ? -1 : 0;
            }
            piece = next;
            consumed = 0;
        }
        int count = Math.min(length, piece.length - consumed);
        System.arraycopy(piece, consumed, target, offset, count);
        consumed += count;
        if (backlog.addAndGet(-count) <= MOST / 2 && paused) {
            loop.execute(this::resume);
        }
        return count;
    }

    /** Whether the peer has ended its half. */
    boolean hasEnded() {
        return ended;
    }
}
