package dev.thrum.engine;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import dev.thrum.engine.LingeringCloses.Input;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A TCP socket in blocking mode; the reaper enforces its deadlines. */
final class SocketWire implements Wire {
    private static final int FALLBACK_CHUNK = 16 * 1024;

    /**
     * The size of the send buffer; Linux doubles it. A full socket takes more only when a third of it is free, so
     * with a buffer of megabytes, as the kernel's autotuning makes it, a slow but steady reader would look as if it
     * did not read.
     */
    private static final int SEND_BUFFER = 128 * 1024;

    private final SocketChannel channel;
    private final InetSocketAddress peer;
    private final InetSocketAddress local;
    private final LingeringCloses closing;
    private final Clock clock;

    /** The state of the socket; each thread that changes it gets the old state in the same step. */
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    // Owned by the input's owner.
    private boolean peerEnded;
    private boolean peerReset;
    /** A byte that was read ahead and is still to be returned; -1 if there is none. */
    private int ahead = -1;

    // Set and cleared by the input's owner; volatile for the thread that closes a connection of two owners.
    private volatile @Nullable Lookout lookout;

    // Set by the input's owner while it waits for its lookout.
    private volatile @Nullable Thread waiter;

    private enum State {
        OPEN,
        /** Its input was shut down on this side, so the end of the stream is not the peer's. */
        DEAF,
        /** It lingers, or is closed. */
        FINISHED
    }

    /**
     * A read of the first byte on a thread of its own: nothing can end the read of a blocking socket but input, so the
     * owner waits for this thread instead. It goes on while the owner does something else, until the owner's next read.
     */
    private final class Lookout implements Runnable {
        private final Thread thread = Thread.ofVirtual().unstarted(this);
        private final ByteBuffer one = ByteBuffer.allocate(1);

        // Written by its thread before done, which the owner reads first.
        private int count;
        private volatile boolean done;

        @Override
        public void run() {
            try {
                count = channel.read(one);
            } catch (IOException e) {
                // The owner's next read finds the same.
                count = 0;
            } finally {
                done = true;
                LockSupport.unpark(waiter);
            }
        }

        /** Takes its result; called by the owner when it is done. */
        void settle() {
            peerEnded |= count == END && state.get() == State.OPEN;
            ahead = count > 0 ? one.get(0) & 0xff : ahead;
            lookout = null;
        }
    }

    SocketWire(SocketChannel channel, LingeringCloses closing, Clock clock) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
        this.channel = channel;
        this.peer = (InetSocketAddress) channel.getRemoteAddress();
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.closing = closing;
        this.clock = clock;
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
        settleLookout();
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
    public boolean awaitInput(Duration patience, BooleanSupplier woken) throws IOException {
        if (lookout == null) {
            if (ahead >= 0 || state.get() != State.OPEN || available() > 0) {
                return true;
            }
            if (!patience.isPositive()) {
                return lookAhead() != 0;
            }
            Lookout begun = new Lookout();
            lookout = begun;
            begun.thread.start();
        }
        return awaitLookout(clock.nanoTime() + Clock.nanos(patience), woken);
    }

    @Override
    public void wake() {
        LockSupport.unpark(waiter);
    }

    /** Waits for the lookout until this time, or until the condition holds; returns whether it is done. */
    private boolean awaitLookout(long until, BooleanSupplier woken) throws IOException {
        Lookout out = Objects.requireNonNull(lookout);
        waiter = Thread.currentThread();
        try {
            while (!out.done) {
                if (Thread.currentThread().isInterrupted()) {
                    reset();
                    throw new ClosedByInterruptException();
                }
                long left = until - clock.nanoTime();
                if (left <= 0 || woken.getAsBoolean()) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
        } finally {
            waiter = null;
        }
        out.settle();
        return true;
    }

    /** Before a read: one that a lookout has begun comes first. */
    private void settleLookout() throws IOException {
        while (lookout != null) {
            awaitLookout(clock.nanoTime() + Clock.nanos(Duration.ofDays(1)), () -> false);
        }
    }

    /** Whether a lookout is still reading, so that nothing has arrived. */
    private boolean isLookingOut() {
        Lookout out = lookout;
        if (out == null || !out.done) {
            return out != null;
        }
        out.settle();
        return false;
    }

    @Override
    public int available() throws IOException {
        if (isLookingOut()) {
            return 0;
        }
        return (ahead >= 0 ? 1 : 0) + channel.socket().getInputStream().available();
    }

    @Override
    public boolean isQuiet() throws IOException {
        return isLookingOut() || (ahead < 0 && state.get() == State.OPEN && lookAhead() == 0);
    }

    @Override
    public boolean hasEnded() throws IOException {
        return !isLookingOut()
                && (peerEnded || peerReset || (ahead < 0 && state.get() == State.OPEN && lookAhead() < 0));
    }

    /**
     * Reads one byte ahead, if there is one; returns 0 if there is none, -1 at the end of the stream. The number of
     * available bytes does not show the end, so a read is needed, and it must not wait.
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
            // A reset, or closed on this side. The next read or write reports which.
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

    /** In a virtual thread the socket does not block in {@code transferTo}; a plain write waits for room. */
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
            boolean shut = before == State.DEAF || endLookout();
            Input open = shut ? Input.SHUT : Input.OPEN;
            closing.add(channel, lastWords, peerEnded ? Input.ENDED : open);
        }
    }

    /** Ends the read of a lookout: a socket can't linger before that. Returns whether the input was shut down for it. */
    private boolean endLookout() {
        Lookout out = lookout;
        if (out == null || out.done) {
            return false;
        }
        try {
            channel.shutdownInput();
            Threads.joinUninterruptibly(out.thread);
        } catch (IOException e) {
            // It is closed or broken already, so the read ends anyway.
        }
        return true;
    }

    @Override
    public void expireRead() {
        if (!state.compareAndSet(State.OPEN, State.DEAF)) {
            // Too late: the socket lingers, which needs its input.
            return;
        }
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            // It is closed or broken already, so the current read ends anyway.
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
            // It was closed meanwhile, as intended.
        } finally {
            LingeringCloses.close(channel);
        }
    }
}
