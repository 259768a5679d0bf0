package dev.thrum.engine;

import dev.thrum.base.Clock;
import dev.thrum.engine.BlockingCalls.Kind;
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

/**
 * A TCP socket in blocking mode until its connection rests for the first time; the reaper enforces its deadlines. See
 * {@link PolledSocket} for what follows.
 */
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

    /** Watches connections that rest; null if none does, because a waiting thread costs little. */
    private final @Nullable RestPoller poller;

    // Set by the input's owner when the connection rests for the first time; volatile for all threads.
    private volatile @Nullable PolledSocket polled;

    /** The calls that block, until the connection rests for the first time. */
    private final BlockingCalls blocking = new BlockingCalls();

    /** The state of the socket; each thread that changes it gets the old state in the same step. */
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    // Owned by the input's owner.
    private boolean peerEnded;
    private boolean peerReset;
    /** Whether the last read has filled its buffer, so that more may be there. */
    private boolean filled;
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

    SocketWire(SocketChannel channel, LingeringCloses closing, Clock clock, @Nullable RestPoller poller)
            throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
        this.channel = channel;
        this.peer = (InetSocketAddress) channel.getRemoteAddress();
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.closing = closing;
        this.clock = clock;
        this.poller = poller;
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
    public byte @Nullable [] borrow() {
        return polled == null || poller == null || Thread.currentThread().isVirtual() ? null : poller.borrow();
    }

    @Override
    public void giveBack(byte[] buffer) {
        if (poller != null && !Thread.currentThread().isVirtual()) {
            poller.giveBack(buffer);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length, long deadline) throws IOException {
        settleLookout();
        if (ahead >= 0 && length > 0) {
            target[offset] = (byte) ahead;
            ahead = -1;
            return 1;
        }
        ByteBuffer into = ByteBuffer.wrap(target, offset, length);
        if (enter(Kind.READ)) {
            try {
                return counted(channel.read(into), length);
            } finally {
                leave(Kind.READ);
            }
        }
        return counted(switched().read(into), length);
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
            if (!enter(Kind.READ)) {
                return awaitPolled(switched(), clock.nanoTime() + Clock.nanos(patience), woken);
            }
            begin(new Lookout(channel, this::lookoutIsDone));
        }
        return awaitLookout(clock.nanoTime() + Clock.nanos(patience), woken);
    }

    private void begin(Lookout begun) {
        lookout = begun;
        boolean started = false;
        try {
            begun.start();
            started = true;
        } finally {
            if (!started) {
                lookout = null;
                leave(Kind.READ);
            }
        }
    }

    private boolean awaitPolled(PolledSocket known, long until, BooleanSupplier woken) throws IOException {
        while (ahead < 0 && state.get() == State.OPEN && lookAhead() == 0) {
            long left = until - clock.nanoTime();
            if (left <= 0 || woken.getAsBoolean()) {
                return false;
            }
            known.awaitInput(left, woken);
        }
        return true;
    }

    @Override
    public void wake() {
        LockSupport.unpark(waiter);
        wakePolled();
    }

    private void wakePolled() {
        PolledSocket known = polled;
        if (known != null) {
            known.wake();
        }
    }

    /** Whether its input has not been ended, nor the socket closed, on this side. */
    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    @Override
    public boolean mayRest(boolean timed) {
        // A thread that waits for timers too needs a second one for that, while the socket blocks.
        return poller != null && (timed || polled != null || poller.mayRest());
    }

    @Override
    public boolean awaitExchange(long deadline, BooleanSupplier woken) {
        if (!isOpen()) {
            return true;
        }
        if (isLookingOut()) {
            return false;
        }
        return ahead >= 0 || (polled == null ? filled && hasBytes() : blocking.isSwitched() && mayTry(polled));
    }

    private boolean hasBytes() {
        try {
            return available() > 0;
        } catch (IOException e) {
            // Its input was ended, or it was closed: a read does not wait.
            return true;
        }
    }

    /** Whether to try to read: once after a rest, and when the last read has filled its buffer. */
    private boolean mayTry(PolledSocket known) {
        boolean was = filled;
        filled = false;
        return known.takeTry() || was;
    }

    @Override
    public int readNow(byte[] target, int offset, int length, long deadline) throws IOException {
        if (ahead < 0 && state.get() == State.DEAF) {
            return END;
        }
        if (ahead >= 0 || !blocking.isSwitched()) {
            // There is something.
            return read(target, offset, length, deadline);
        }
        return counted(readNow(ByteBuffer.wrap(target, offset, length)), length);
    }

    /** After a read of this many bytes, with room for more. */
    private int counted(int count, int room) {
        filled = count == room;
        peerEnded |= count == END && isOpen();
        return count;
    }

    @Override
    public void rest(Resting conversation, long deadline) {
        PolledSocket known = polled;
        if (known == null) {
            known = new PolledSocket(this, channel, Objects.requireNonNull(poller));
            polled = known;
            if (blocking.want()) {
                known.begin();
            }
        }
        Lookout out = lookout;
        known.rest(conversation, () -> out != null && out.isDone());
    }

    /** Waits for the lookout until this time, or until the condition holds; returns whether it is done. */
    private boolean awaitLookout(long until, BooleanSupplier woken) throws IOException {
        Lookout out = Objects.requireNonNull(lookout);
        waiter = Thread.currentThread();
        try {
            while (!out.isDone()) {
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
        settle(out);
        return true;
    }

    /** Called by the lookout's thread. */
    private void lookoutIsDone() {
        leave(Kind.READ);
        LockSupport.unpark(waiter);
        wakePolled();
    }

    /** Takes the result of a lookout that is done. */
    private void settle(Lookout out) {
        int found = out.found();
        peerEnded |= found == END && isOpen();
        ahead = found >= 0 ? found : ahead;
        lookout = null;
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
        if (out == null || !out.isDone()) {
            return out != null;
        }
        settle(out);
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
            int count = readNow(one);
            peerEnded |= count == END && isOpen();
            ahead = count > 0 ? one.get(0) & 0xff : ahead;
            return count;
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            // A reset, or closed on this side. The next read or write reports which.
            peerReset = true;
            return END;
        }
    }

    /** Reads what is there; returns 0 if that is nothing. */
    private int readNow(ByteBuffer into) throws IOException {
        if (!enter(Kind.READ)) {
            switched();
            return channel.read(into);
        }
        try {
            channel.configureBlocking(false);
            try {
                return channel.read(into);
            } finally {
                channel.configureBlocking(true);
            }
        } finally {
            leave(Kind.READ);
        }
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        writeAll(ByteBuffer.wrap(source, offset, length));
        return length;
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        if (enter(Kind.WRITE)) {
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } finally {
                leave(Kind.WRITE);
            }
        } else {
            switched().write(bytes);
        }
    }

    /** Begins a call that may block; returns false if the socket does not block any more. */
    private boolean enter(Kind kind) {
        return poller == null || blocking.enter(kind);
    }

    private void leave(Kind kind) {
        if (poller != null && blocking.leave(kind)) {
            Objects.requireNonNull(polled).begin();
        }
    }

    /** The socket that does not block any more. */
    private PolledSocket switched() {
        PolledSocket known = Objects.requireNonNull(polled);
        known.awaitBegun();
        return known;
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) throws IOException {
        long sent;
        if (enter(Kind.WRITE)) {
            try {
                sent = source.transferTo(position, count, channel);
            } finally {
                leave(Kind.WRITE);
            }
        } else {
            switched();
            sent = source.transferTo(position, count, channel);
        }
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
        writeAll(chunk);
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
            endPolled();
            boolean shut = before == State.DEAF || endLookout();
            Input open = shut ? Input.SHUT : Input.OPEN;
            closing.add(channel, lastWords, peerEnded ? Input.ENDED : open);
        }
    }

    /** Ends the read of a lookout: a socket can't linger before that. Returns whether the input was shut down for it. */
    private boolean endLookout() {
        Lookout out = lookout;
        if (out == null || out.isDone()) {
            return false;
        }
        try {
            channel.shutdownInput();
            out.join();
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
            wakePolled();
        } catch (IOException e) {
            // It is closed or broken already, so the current read ends anyway.
            reset();
        }
    }

    private void endPolled() {
        PolledSocket known = polled;
        if (known != null) {
            known.end();
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
            endPolled();
        }
    }
}
