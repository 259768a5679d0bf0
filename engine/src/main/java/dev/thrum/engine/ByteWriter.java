package dev.thrum.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The sending half of a connection: gathers small writes into few large ones.
 *
 * <p>Written bytes are sent when the buffer is full, at {@link #flush}, when the handler is about to wait for input,
 * and when it ends. So responses to pipelined requests are sent together. A handler that writes and then waits for
 * something other than its peer must flush first, and so must one that has handed out a half of the connection
 * ({@link Connection#releaseOutput}). Backpressure: when the peer does not read, a write waits, so memory stays bounded
 * by one buffer. Owned by the owner of the connection's output; not safe for concurrent use.
 */
public final class ByteWriter {
    private static final int SMALLEST = 512;
    private static final int LARGEST = 8 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private final Connection connection;
    private final OutputHalf half;
    private final Ownership own;

    // All owned by the output's owner.
    private byte[] buffer = NOTHING;
    private int size;
    /** Whether the buffer is borrowed from the wire and must be given back. */
    private boolean borrowed;

    ByteWriter(Connection connection, OutputHalf half) {
        this.connection = connection;
        this.half = half;
        this.own = half.ownership();
    }

    /** Writes one byte, the low eight bits of {@code value}. */
    public void write(int value) throws IOException {
        own.require();
        half.beginUnit();
        room(1);
        buffer[size++] = (byte) value;
    }

    public void write(byte[] source) throws IOException {
        write(source, 0, source.length);
    }

    public void write(byte[] source, int offset, int length) throws IOException {
        own.require();
        half.beginUnit();
        if (length > LARGEST) {
            sendBufferAnd(source, offset, length);
        } else {
            room(length);
            System.arraycopy(source, offset, buffer, size, length);
            size += length;
        }
    }

    /** Writes text as UTF-8. */
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes text as ISO 8859-1, one byte for each character, as in ASCII protocols. */
    // This method is deprecated because it truncates other characters, but it copies without a temporary array.
    @SuppressWarnings("deprecation")
    public void writeLatin1(String text) throws IOException {
        own.require();
        int length = text.length();
        if (length > LARGEST) {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        half.beginUnit();
        room(length);
        text.getBytes(0, length, buffer, size);
        size += length;
    }

    /**
     * Sends everything written; waits until the network has taken it. This ends a unit: messages of the connection's
     * {@link Outbox} can follow.
     */
    public void flush() throws IOException {
        own.require();
        sendBuffer();
        half.endUnit();
    }

    /** Sends everything written, within a unit: no message can follow it. */
    void sendWithin() throws IOException {
        half.beginUnit();
        sendBuffer();
    }

    private void sendBuffer() throws IOException {
        if (size > 0) {
            int length = size;
            size = 0;
            half.send(buffer, 0, length);
            giveBack();
        }
    }

    private void sendBufferAnd(byte[] source, int offset, int length) throws IOException {
        if (size == 0) {
            half.send(source, offset, length);
            return;
        }
        int headLength = size;
        size = 0;
        half.send(buffer, headLength, source, offset, length);
        giveBack();
    }

    private void giveBack() {
        if (borrowed) {
            byte[] shared = buffer;
            buffer = NOTHING;
            borrowed = false;
            connection.wire().giveBack(shared);
        }
    }

    private void room(int length) throws IOException {
        if (size + length > LARGEST) {
            sendBuffer();
        }
        if (buffer.length == 0) {
            byte[] shared = connection.wire().borrow();
            borrowed = shared != null;
            buffer = shared == null ? NOTHING : shared;
        }
        if (size + length > buffer.length) {
            int wanted = Math.max(SMALLEST, Integer.highestOneBit(size + length - 1) << 1);
            buffer = Arrays.copyOf(buffer, wanted);
        }
    }
}
