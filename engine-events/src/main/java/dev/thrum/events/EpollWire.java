package dev.thrum.events;

import dev.thrum.base.AddressText;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket that its owner reads and writes without blocking, while the loop reports when the next attempt may
 * succeed.
 *
 * <p>Registered once, edge-triggered: the kernel reports each arrival once. So the owner tries first and waits only
 * after the kernel has said "not now", or has moved fewer bytes than requested, which means the same and saves a
 * call. After the peer has ended its half there is no further report, so the owner reads on to the end.
 *
 * <p>The methods here are called by the owner, unless they say otherwise; the loop's are in {@link EpollHandle}.
 */
final class EpollWire extends EpollHandle implements OwnerWait.Waited {
    private static final byte[] NOTHING = new byte[0];
    private static final long POLL_NANOS = 1_000_000;

    private final Turns turns;

    // Both owned by the input's owner.
    private byte[] ahead = NOTHING;
    /** Whether nothing was read yet. */
    private boolean untried = true;

    /**
     * Creates a wire over an accepted or connecting socket; it is idle until its conversation begins.
     *
     * @param local its own address, which all connections of a listener share; asked for if null
     */
    EpollWire(
            NettyLoop loop,
            Socket socket,
            InetSocketAddress peer,
            @Nullable InetSocketAddress local,
            EpollTransport transport)
            throws IOException {
        super(loop, socket, peer, local, transport);
        this.turns = new Turns(calls);
    }

    /** Waits until the peer has accepted or refused the connection request. */
    void awaitOpen(long deadline) throws IOException {
        loop.execute(this::awaitRoom);
        ownerWait.awaitOpen(this, deadline);
        requireWhole();
        writable = false;
        if (!socket.finishConnect()) {
            throw new IOException(
                    "expected an open connection to " + AddressText.of(peer) + " but it is still being opened");
        }
    }

    @Override
    public int read(byte[] target, int offset, int length, long deadline) throws IOException {
        if (ahead.length > 0) {
            return takeAhead(target, offset, length);
        }
        while (true) {
            requireWhole();
            if (ownerWait.isInputEnded()) {
                return END;
            }
            if (readable) {
                int count = tryRead(target, offset, length);
                if (count != 0) {
                    return count;
                }
            } else {
                turns.waitForInput();
                ownerWait.await(this, true);
            }
        }
    }

    @Override
    public boolean awaitInput(Duration patience, BooleanSupplier woken) throws IOException {
        while (ahead.length == 0 && (!readable || lookAhead() == 0)) {
            turns.waitForInput();
            // A report may be of nothing, so this can wait a little longer than asked, once or twice.
            if (!ownerWait.awaitInput(this, patience, woken)) {
                return false;
            }
            if (ownerWait.isInputEnded() || ownerWait.isAborted()) {
                return true;
            }
        }
        return true;
    }

    @Override
    public void awaitInput(long deadline) throws IOException {
        // Before the first byte, and after a read that filled its buffer, "readable" is a guess. A read that waits
        // would hold a buffer meanwhile, so look ahead instead.
        if (ahead.length == 0 && (!readable || lookAhead() == 0)) {
            turns.waitForInput();
            ownerWait.await(this, true);
        }
    }

    @Override
    public boolean awaitExchange(long deadline, BooleanSupplier woken) throws IOException {
        if (ahead.length == 0 && !readable) {
            turns.waitForInput();
            return ownerWait.awaitExchange(this, woken);
        }
        return true;
    }

    @Override
    public int readNow(byte[] target, int offset, int length, long deadline) throws IOException {
        if (ahead.length > 0) {
            return takeAhead(target, offset, length);
        }
        requireWhole();
        if (ownerWait.isInputEnded()) {
            return END;
        }
        return readable ? tryRead(target, offset, length) : 0;
    }

    @Override
    public void rest(Resting conversation, long deadline) {
        if (calls.isHome()) {
            calls.madeBy(null);
        } else if (untried) {
            // It has never run, so no report was requested. The first one says whether something is there.
            readable = false;
            loop.execute(this::watchFirst);
        }
        ownerWait.rest(this, conversation);
    }

    @Override
    public byte @Nullable [] borrow() {
        return calls.isHome() ? loop.borrow() : null;
    }

    @Override
    public void giveBack(byte[] buffer) {
        if (calls.isHome()) {
            loop.giveBack(buffer);
        }
    }

    private int takeAhead(byte[] target, int offset, int length) {
        int count = Math.min(length, ahead.length);
        System.arraycopy(ahead, 0, target, offset, count);
        ahead = count == ahead.length ? NOTHING : Arrays.copyOfRange(ahead, count, ahead.length);
        return count;
    }

    /** Reads without waiting; returns 0 if there is no input now. */
    private int tryRead(byte[] target, int offset, int length) throws IOException {
        beginRead();
        int wanted = Math.min(length, calls.most());
        return endRead(calls.read(target, offset, wanted), wanted);
    }

    private void beginRead() {
        readable = false;
        untried = false;
    }

    private int endRead(int count, int wanted) {
        if (count == wanted || (count != 0 && (hungUp || urgent))) {
            readable = true;
        }
        peerEnded |= count < 0;
        turns.countRead();
        return count;
    }

    /** Netty has no call to ask the kernel, so available input is read ahead. */
    @Override
    public int available() throws IOException {
        if (ahead.length == 0 && readable) {
            var _ = lookAhead();
        }
        return ahead.length;
    }

    @Override
    public boolean isQuiet() throws IOException {
        return ahead.length == 0 && !ownerWait.isInputEnded() && !ownerWait.isAborted() && lookAhead() == 0;
    }

    @Override
    public boolean hasEnded() {
        return peerEnded || hungUp || ownerWait.isAborted();
    }

    /** Reads available input ahead; returns the number of bytes, or -1 at the end of the stream. */
    private int lookAhead() throws IOException {
        if (ownerWait.isInputEnded() || ownerWait.isAborted()) {
            return 0;
        }
        beginRead();
        byte[] bytes = calls.read(BORROWED);
        int count = endRead(bytes == null ? -1 : bytes.length, BORROWED);
        ahead = bytes == null ? NOTHING : bytes;
        if (count < 0) {
            // The next read fails in the same way.
            readable = true;
        }
        return count;
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        for (int sent = 0; sent < length; ) {
            requireWhole();
            int count = calls.write(source, offset + sent, length - sent);
            sent += count;
            if (count == 0) {
                awaitOutput();
            }
            turns.countWrite();
        }
        return length;
    }

    @Override
    public int write(byte[] head, int headLength, byte[] source, int offset, int length, long deadline)
            throws IOException {
        requireWhole();
        int sent = HeapSend.pays(length) ? calls.writeBefore(head, headLength) : 0;
        if (sent < headLength) {
            var _ = write(head, sent, headLength - sent, deadline);
        }
        var _ = write(source, offset, length, deadline);
        return headLength + length;
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) throws IOException {
        if (!SendFile.sends(source)) {
            return copy(source, position, count, deadline);
        }
        while (true) {
            requireWhole();
            long sent = calls.transfer(source, position, count);
            if (sent > 0) {
                turns.countWrite();
                return sent;
            }
            if (position >= source.size()) {
                return END;
            }
            awaitOutput();
        }
    }

    @Override
    public int transferChunk() {
        return SendFile.MOST;
    }

    @Override
    public void shutdownOutput() throws IOException {
        requireWhole();
        calls.shutdownOutput();
    }

    @Override
    public void finish(byte[] lastWords) {
        // Counted at once: a drain reads the count as soon as the conversation has ended.
        boolean mayLinger = transport.lingering().enter();
        loop.execute(() -> takeLeave(lastWords, mayLinger));
    }

    @Override
    public void reset() {
        ownerWait.abort();
        loop.execute(this::abandon);
    }

    private void requireWhole() throws IOException {
        if (ownerWait.isAborted()) {
            throw SocketCalls.closed();
        }
    }

    private void awaitOutput() throws IOException {
        writable = false;
        if (calls.isHome()) {
            awaitRoom();
        } else {
            loop.execute(this::awaitRoom);
        }
        turns.waitForOutput();
        ownerWait.await(this, false);
    }

    @Override
    public boolean isReady(boolean input) {
        return input ? readable : writable;
    }

    @Override
    public void pollDirectly() {
        LockSupport.parkNanos(this, POLL_NANOS);
        readable = true;
        writable = true;
    }
}
