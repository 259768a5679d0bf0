package dev.thrum.events;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The unread input of a channel; with more than {@link #MOST} bytes the loop stops reading (backpressure).
 *
 * <p>The loop adds to it, the connection's owner reads from it.
 */
final class ChannelInput {
    private static final int MOST = 64 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private final NettyLoop loop;
    private final DuplexChannel channel;

    private final Queue<byte[]> queue = new ConcurrentLinkedQueue<>();

    /** The number of unread bytes in the queue and in the current piece. */
    private final AtomicInteger backlog = new AtomicInteger();

    // Owned by the connection's owner: the bytes of piece from consumed on are unread.
    private byte[] piece = NOTHING;
    private int consumed;

    // Both written by the loop.
    private volatile boolean paused;
    private volatile boolean ended;

    ChannelInput(NettyLoop loop, DuplexChannel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    // Called by the loop.

    void add(ByteBuf bytes) {
        int count = bytes.readableBytes();
        if (count == 0) {
            return;
        }
        byte[] copy = new byte[count];
        bytes.readBytes(copy);
        queue.add(copy);
        if (backlog.addAndGet(count) > MOST && !paused) {
            pause();
        }
    }

    void end() {
        ended = true;
    }

    /** Discards all further input: the owner does not read any more. */
    void drop() {
        queue.clear();
        channel.config().setAutoRead(true);
    }

    /** Pauses reading. The owner may have read everything before it could see that. */
    private void pause() {
        paused = true;
        channel.config().setAutoRead(false);
        if (backlog.get() <= MOST / 2) {
            resume();
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            channel.config().setAutoRead(true);
        }
    }

    // Called by the owner.

    /** Whether there is neither input to read nor the end of the stream. */
    boolean isEmpty() {
        return queue.isEmpty() && consumed == piece.length && !ended;
    }

    /** The number of bytes that can be read without waiting. */
    int available() {
        return backlog.get();
    }

    /** Reads available bytes; returns 0 if there are none, -1 at the end of the stream. */
    int read(byte[] target, int offset, int length) {
        if (consumed == piece.length) {
            // Read first: input that arrives between the two checks precedes the end.
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
