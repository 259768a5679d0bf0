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
 * <p>A thread that the socket's loop carries makes them on the loop's thread, with the loop's memory, and the loop can't
 * close the descriptor meanwhile. Any other thread takes memory from a pool and passes a {@link DescriptorRefs}.
 */
final class SocketCalls {
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

    /** This thread, which the loop carries, will make them; null if it carries none. */
    void madeBy(@Nullable Thread owner) {
        home = owner;
    }

    /** Whether this thread is carried by the loop. */
    boolean isHome() {
        return Thread.currentThread().equals(home);
    }

    /** The most that one call can move. */
    int most() {
        return Memory.SIZE;
    }

    /** Returns 0 if there is nothing now, -1 at the end of the stream. */
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

    /** Returns 0 if the socket takes nothing now. */
    int write(byte[] source, int offset, int length) throws IOException {
        ByteBuffer chunk = enter();
        try {
            return send(chunk, source, offset, length);
        } finally {
            leave(chunk);
        }
    }

    /** Returns 0 if the socket takes nothing now, or the file has nothing there. */
    long transfer(FileChannel source, long position, long count) throws IOException {
        ByteBuffer chunk = enter();
        try {
            return SendFile.send(socket, source, position, count);
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
            // What Netty makes of a socket that the peer has reset.
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

    // For what runs on the loop's thread.

    /** Throws away what is there; returns 0 if there is nothing now, -1 at the end of the stream. */
    int discard() throws IOException {
        return receive(loop.scratch(), most());
    }

    /** Sends what fits of a few last words, and that it was all. */
    void sayGoodbye(byte[] lastWords, boolean peerEnded) throws IOException {
        if (lastWords.length > 0) {
            send(loop.scratch(), lastWords, 0, lastWords.length);
        }
        if (!peerEnded) {
            endOutput();
        }
    }

    /** Has the peer told of a reset when the descriptor is closed. */
    void closeWithReset() {
        try {
            socket.setSoLinger(0);
        } catch (IOException e) {
            // The peer has broken it already.
        }
        close();
    }

    /** Closes the descriptor as soon as nobody uses it; called once. */
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
        int count = Math.min(length, most());
        chunk.put(0, source, offset, count);
        return socket.sendAddress(Buffer.memoryAddress(chunk), 0, count);
    }
}
