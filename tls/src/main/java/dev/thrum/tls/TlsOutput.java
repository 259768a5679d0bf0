package dev.thrum.tls;

import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** The sending half of a {@link TlsWire}: encrypts what is written. Owned by the owner of the connection's output. */
final class TlsOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The most last words that fit into a buffer of the pool, with the record that ends the output. */
    private static final int MOST_LAST_WORDS = 16 * 1024;

    private final Wire below;
    private final SSLEngine engine;
    private final PacketBuffers buffers;

    // Both set by the owner of the input, never cleared: the peer has broken the protocol, and the engine has an alert
    // that says so.
    private volatile boolean hasAlert;
    private volatile boolean broken;

    /** The most bytes of data in one record. */
    private final int recordSize;

    // Set before the first data is written.
    private RecordCipher cipher;

    TlsOutput(Wire below, SSLEngine engine, PacketBuffers buffers, int recordSize) {
        this.recordSize = recordSize;
        this.cipher = RecordCipher.by(engine);
        this.below = below;
        this.engine = engine;
        this.buffers = buffers;
    }

    /** The handshake is done: data is encrypted by this. */
    void begin(RecordCipher cipher) {
        this.cipher = cipher;
    }

    RecordCipher cipher() {
        return cipher;
    }

    /**
     * From now on nothing can be written.
     *
     * @param alert whether the engine has an alert to say, which goes out with {@link #end}
     */
    void broken(boolean alert) {
        hasAlert = alert;
        broken = true;
    }

    /** Whether the peer has broken the protocol and there is no alert that says so. */
    boolean isRefused() {
        return broken && !hasAlert;
    }

    int write(ByteBuffer source, long deadline) throws IOException {
        return write(NOTHING, source, deadline);
    }

    /** Writes a small head and what follows it, in as few records as they fit into. */
    int write(ByteBuffer head, ByteBuffer source, long deadline) throws IOException {
        requireWhole();
        int length = head.remaining() + source.remaining();
        byte[] room = buffers.take(length);
        try {
            while (head.hasRemaining() || source.hasRemaining()) {
                ByteBuffer into = ByteBuffer.wrap(room);
                encrypt(head, source, into);
                if (below.write(room, 0, into.position(), deadline) == Wire.EXPIRED) {
                    return Wire.EXPIRED;
                }
            }
            return length;
        } finally {
            buffers.give(room);
        }
    }

    private void requireWhole() throws SSLException {
        if (broken) {
            throw new SSLException("expected a TLS connection that is whole but the peer has broken the protocol");
        }
    }

    /** Encrypts until all is encrypted or there is no room for another record. */
    private void encrypt(ByteBuffer head, ByteBuffer source, ByteBuffer into) throws IOException {
        while ((head.hasRemaining() || source.hasRemaining()) && into.remaining() >= PacketBuffers.PACKET) {
            SSLEngineResult result = encryptRecord(head, source, into);
            if (result.getStatus() == Status.CLOSED) {
                throw new IOException("expected an open TLS output but it was ended");
            }
            if (result.getStatus() != Status.OK || result.bytesConsumed() + result.bytesProduced() == 0) {
                // It waits for what is refused, such as the rest of a renegotiation.
                throw new SSLException("expected a TLS record to be made but the provider says " + result);
            }
        }
    }

    private SSLEngineResult encryptRecord(ByteBuffer head, ByteBuffer source, ByteBuffer into) throws SSLException {
        boolean gathers = head.hasRemaining() && head.remaining() < recordSize;
        int before = gathers ? head.remaining() : 0;
        ByteBuffer last = gathers || !head.hasRemaining() ? source : head;
        int end = last.limit();
        last.limit(Math.min(end, last.position() + recordSize - before));
        SSLEngineResult result = cipher.wrap(gathers ? head : NOTHING, last, into);
        last.limit(end);
        return result;
    }

    /** Sends what the handshake has to say; returns false if the deadline has passed. */
    boolean writeHandshake(long deadline) throws IOException {
        byte[] room = buffers.take();
        try {
            ByteBuffer into = ByteBuffer.wrap(room);
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                    && into.remaining() >= PacketBuffers.PACKET) {
                SSLEngineResult result = engine.wrap(NOTHING.duplicate(), into);
                if (result.getStatus() != Status.OK) {
                    break;
                }
            }
            return into.position() == 0 || below.write(room, 0, into.position(), deadline) != Wire.EXPIRED;
        } finally {
            buffers.give(room);
        }
    }

    long transfer(FileChannel source, long position, long count, long deadline) throws IOException {
        byte[] piece = buffers.take();
        try {
            int wanted = (int) Math.min(count, 2 * 16 * 1024);
            int read = source.read(ByteBuffer.wrap(piece, 0, wanted), position);
            if (read <= 0) {
                return Wire.END;
            }
            return write(ByteBuffer.wrap(piece, 0, read), deadline) == Wire.EXPIRED ? Wire.EXPIRED : read;
        } finally {
            buffers.give(piece);
        }
    }

    /** Frees a native engine; any thread may call it, any number of times. */
    void release() {
        try {
            engine.closeOutbound();
            engine.closeInbound();
        } catch (SSLException e) {
            // The peer has not said that it ends, which makes no difference here.
        }
    }

    /** Ends the output; returns what is still to be sent: these words, and what says to the peer that no more comes. */
    byte[] end(byte[] lastWords) {
        boolean isLong = lastWords.length > MOST_LAST_WORDS;
        byte[] room = isLong ? new byte[2 * lastWords.length + PacketBuffers.SIZE] : buffers.take();
        ByteBuffer into = ByteBuffer.wrap(room);
        try {
            if (lastWords.length > 0) {
                encrypt(NOTHING, ByteBuffer.wrap(lastWords), into);
            }
            if (hasAlert) {
                // OpenSSL forgets it when the output is closed.
                engine.wrap(NOTHING.duplicate(), into);
            }
            engine.closeOutbound();
            SSLEngineResult result;
            do {
                result = engine.wrap(NOTHING.duplicate(), into);
            } while (result.bytesProduced() > 0 && !engine.isOutboundDone());
        } catch (IOException e) {
            // The peer gets what could be encrypted before.
        }
        byte[] last = Arrays.copyOf(room, into.position());
        if (!isLong) {
            buffers.give(room);
        }
        return last;
    }
}
