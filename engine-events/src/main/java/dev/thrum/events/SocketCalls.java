package dev.thrum.events;

import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of one socket, none of which waits.
 *
 * <p>A virtual thread of the socket's loop makes them on the loop's thread, with the loop's buffer, and the loop
 * can't close the descriptor meanwhile. Any other thread takes a buffer from a pool and holds a reference in
 * {@link DescriptorRefs}.
 */
final class SocketCalls {
    private static final byte[] NOTHING = new byte[0];

    private final Loop loop;
    private final Socket socket;
    private final Memory memory;
    private final DescriptorRefs refs = new DescriptorRefs();

    // Set on the loop's thread before the conversation begins.
    private @Nullable Thread home;

    SocketCalls(Loop loop, Socket socket, Memory memory) {
        this.loop = loop;
        this.socket = socket;
        this.memory = memory;
    }

    /** Sets the thread of the loop that will make the calls; null if the owner does not run on the loop. */
    void madeBy(@Nullable Thread owner) {
        home = owner;
    }

    /** Whether the calling thread runs on the loop. */
    boolean isHome() {
        return Thread.currentThread().equals(home);
    }

    /** The most bytes that one call can move. */
    int most() {
        return Memory.SIZE;
    }

    /** Reads; returns 0 if there is no input now, -1 at the end of the stream. */
    int read(byte[] target, int offset, int length) throws IOException {
        ByteBuffer chunk = enter();
        try {
            int count = receive(chunk, length);
            if (count > 0) {
                chunk.get(0, target, offset, count);
            }
            return count;
        } finally {
            leave(chunk);
        }
    }

    /** Reads at most this many bytes; returns none if there is no input now, null at the end of the stream. */
    byte @Nullable [] read(int length) throws IOException {
        ByteBuffer chunk = enter();
        try {
            int count = receive(chunk, length);
            if (count <= 0) {
                return count < 0 ? null : NOTHING;
            }
            byte[] bytes = new byte[count];
            chunk.get(0, bytes);
            return bytes;
        } finally {
            leave(chunk);
        }
    }

    /** Writes; returns 0 if the socket takes nothing now. */
    int write(byte[] source, int offset, int length) throws IOException {
        ByteBuffer chunk = enter();
        try {
            return send(chunk, source, offset, length);
        } finally {
            leave(chunk);
        }
    }

    /** Writes what belongs before the next write; returns 0 if the socket takes nothing now. */
    int writeBefore(byte[] source, int length) throws IOException {
        ByteBuffer chunk = enter();
        try {
            return HeapSend.send(socket, chunk, source, 0, length, true);
        } finally {
            leave(chunk);
        }
    }

    /** Sends bytes of a file; returns 0 if the socket takes nothing now, or the file has none at this position. */
    long transfer(FileChannel source, long position, long count) throws IOException {
        ByteBuffer chunk = enter();
        try {
            return SendFile.send(socket.intValue(), source, position, count);
        } finally {
            leave(chunk);
        }
    }

    void shutdownOutput() throws IOException {
        ByteBuffer chunk = enter();
        try {
            endOutput();
        } finally {
            leave(chunk);
        }
    }

    private void endOutput() throws IOException {
        try {
            socket.shutdown(false, true);
        } catch (NotYetConnectedException e) {
            // Netty throws this for a socket that the peer has reset.
            throw new IOException("Connection reset", e);
        }
    }

    private ByteBuffer enter() throws IOException {
        if (isHome()) {
            return loop.scratch();
        }
        ByteBuffer chunk = memory.take();
        if (!refs.enter()) {
            memory.give(chunk);
            throw closed();
        }
        return chunk;
    }

    private void leave(ByteBuffer chunk) {
        if (isHome()) {
            return;
        }
        if (refs.leave()) {
            loop.execute(this::closeDescriptor);
        }
        memory.give(chunk);
    }

    static IOException closed() {
        return new IOException("expected an open connection but it was reset on this side or its engine closed");
    }

    // For code on the loop's thread.

    /** Discards input; returns 0 if there is none now, -1 at the end of the stream. */
    int discard() throws IOException {
        return receive(loop.scratch(), most());
    }

    /** Sends what is in the loop's buffer; returns how many bytes the socket took. */
    int send(ByteBuffer scratch) throws IOException {
        return socket.sendAddress(Buffer.memoryAddress(scratch), 0, scratch.limit());
    }

    /** Sends as many of the last bytes as fit, and ends the output. */
    void sayGoodbye(byte[] lastWords, boolean peerEnded) throws IOException {
        if (lastWords.length > 0) {
            send(loop.scratch(), lastWords, 0, lastWords.length);
        }
        if (!peerEnded) {
            endOutput();
        }
    }

    /** Makes the close of the descriptor send a reset to the peer. */
    void closeWithReset() {
        try {
            socket.setSoLinger(0);
        } catch (IOException e) {
            // The peer has broken it already.
        }
        close();
    }

    /** Closes the descriptor as soon as no thread uses it; called once. */
    void close() {
        if (refs.close()) {
            closeDescriptor();
        }
    }

    private void closeDescriptor() {
        try {
            socket.close();
        } catch (IOException e) {
            loop.report("a descriptor could not be closed", e);
        }
    }

    private int receive(ByteBuffer chunk, int length) throws IOException {
        return socket.recvAddress(Buffer.memoryAddress(chunk), 0, Math.min(length, most()));
    }

    private int send(ByteBuffer chunk, byte[] source, int offset, int length) throws IOException {
        if (HeapSend.pays(length)) {
            return HeapSend.send(socket, chunk, source, offset, length, false);
        }
        int count = Math.min(length, most());
        chunk.put(0, source, offset, count);
        return socket.sendAddress(Buffer.memoryAddress(chunk), 0, count);
    }
}
