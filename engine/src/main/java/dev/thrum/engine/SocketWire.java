package dev.thrum.engine;

import dev.thrum.engine.LingeringCloses.Input;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;

/** A TCP socket in blocking mode; the reaper keeps its deadlines. */
final class SocketWire implements Wire {
    private static final int FALLBACK_CHUNK = 16 * 1024;

    /**
     * What the kernel may hold for a peer that does not read; Linux doubles it. A full socket takes more only when a third
     * of this is free, so a buffer tuned to megabytes by the kernel would make a steady but slow reader look like none.
     */
    private static final int SEND_BUFFER = 128 * 1024;

    private final SocketChannel channel;
    private final InetSocketAddress peer;
    private final InetSocketAddress local;
    private final LingeringCloses closing;

    /** What became of the socket: each thread that changes it learns in the same step what it was before. */
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    // Owned by the connection's owner.
    private boolean peerEnded;
    private boolean peerReset;
    /** What was read to see whether there is something, and is still to be read; -1 if there is nothing. */
    private int ahead = -1;

    private enum State {
        OPEN,
        /** Its input was shut down on this side, so the end that is read is not the peer's. */
        DEAF,
        /** It lingers, or is closed. */
        FINISHED
    }

    SocketWire(SocketChannel channel, LingeringCloses closing) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
        this.channel = channel;
        this.peer = (InetSocketAddress) channel.getRemoteAddress();
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.closing = closing;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public int read(byte[] target, int offset, int length, long deadline) throws IOException {
        if (ahead >= 0 && length > 0) {
            target[offset] = (byte) ahead;
            ahead = -1;
            return 1;
        }
        int count = channel.read(ByteBuffer.wrap(target, offset, length));
        peerEnded |= count == END && state.get() == State.OPEN;
        return count;
    }

    @Override
    public int available() throws IOException {
        return (ahead >= 0 ? 1 : 0) + channel.socket().getInputStream().available();
    }

    @Override
    public boolean isQuiet() throws IOException {
        return ahead < 0 && state.get() == State.OPEN && lookAhead() == 0;
    }

    @Override
    public boolean hasEnded() throws IOException {
        return peerEnded || peerReset || (ahead < 0 && state.get() == State.OPEN && lookAhead() < 0);
    }

    /**
     * Reads one byte, if one is there, for the next read; returns 0 if nothing is there, -1 if nothing will come. How many
     * bytes have come says nothing of the end, so only a read can tell, and it must not wait.
     */
    private int lookAhead() throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        try {
            channel.configureBlocking(false);
            try {
                int count = channel.read(one);
                peerEnded |= count == END && state.get() == State.OPEN;
                ahead = count > 0 ? one.get(0) & 0xff : ahead;
                return count;
            } finally {
                channel.configureBlocking(true);
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            // A reset, or closed on this side. The next read or write says which.
            peerReset = true;
            return END;
        }
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return length;
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) throws IOException {
        long sent = source.transferTo(position, count, channel);
        return sent > 0 ? sent : copy(source, position, count);
    }

    /** Under a virtual thread the socket does not block below {@code transferTo}; a plain write waits for room. */
    private long copy(FileChannel source, long position, long count) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, FALLBACK_CHUNK));
        if (source.read(chunk, position) < 0) {
            return END;
        }
        chunk.flip();
        int length = chunk.remaining();
        while (chunk.hasRemaining()) {
            channel.write(chunk);
        }
        return length;
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void finish(byte[] lastWords) {
        State before = state.getAndSet(State.FINISHED);
        if (before != State.FINISHED) {
            Input open = before == State.DEAF ? Input.SHUT : Input.OPEN;
            closing.add(channel, lastWords, peerEnded ? Input.ENDED : open);
        }
    }

    @Override
    public void expireRead() {
        if (!state.compareAndSet(State.OPEN, State.DEAF)) {
            // Too late: the socket lingers, and its input is needed for that.
            return;
        }
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            // It is closed or broken already: the read under way ends all the same.
            reset();
        }
    }

    @Override
    public void reset() {
        state.set(State.FINISHED);
        try {
            if (channel.isOpen()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // Closed meanwhile, which is what is wanted.
        } finally {
            LingeringCloses.close(channel);
        }
    }
}
