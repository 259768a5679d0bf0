package dev.thrum.events;

import dev.thrum.base.AddressText;
import dev.thrum.engine.spi.Outgoing;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
 */
final class EpollWire implements LoopWire, EpollIoHandle, OwnerWait.Waited, MessageDrain.Sink {
    /** The number of discarding reads of a lingering connection before others have their turn. */
    private static final int ROUNDS = 64;

    /** More than a socket takes at once, so that a file needs no more calls than necessary. */
    private static final int TRANSFER_CHUNK = 1024 * 1024;

    private static final byte[] NOTHING = new byte[0];
    private static final long POLL_NANOS = 1_000_000;

    private final Loop loop;
    private final Socket socket;
    private final InetSocketAddress peer;
    private final InetSocketAddress local;
    private final EpollTransport transport;
    private final SocketCalls calls;
    private final Turns turns;
    private final OwnerWait ownerWait;
    private final MessageDrain drain;

    // All owned by the loop's thread.
    private @Nullable IoRegistration registration;
    private @Nullable Future<?> leaving;
    private boolean counted;
    private boolean released;

    // All owned by the input's owner; the loop sees the first after finish.
    private boolean peerEnded;
    private byte[] ahead = NOTHING;

    // Set by the loop and cleared by the owner, which then tries: a report that arrives meanwhile is not lost.
    private volatile boolean readable = true;
    private volatile boolean writable;

    // Set by the loop, never cleared: the stream ends or is broken, and no further report will come.
    private volatile boolean hungUp;

    // Set by the loop, never cleared: a read stops at urgent data (RFC 6093), so a short one does not mean "no more".
    private volatile boolean urgent;

    /** Creates a wire over an accepted or connecting socket; it is idle until its conversation begins. */
    EpollWire(Loop loop, Socket socket, InetSocketAddress peer, EpollTransport transport) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSendBufferSize(SEND_BUFFER);
        this.loop = loop;
        this.socket = socket;
        this.peer = peer;
        InetSocketAddress own = socket.localAddress();
        if (own == null) {
            throw new IOException("expected a connected socket but its peer has disconnected");
        }
        this.local = own;
        this.transport = transport;
        this.calls = new SocketCalls(loop, socket, transport.memory());
        this.turns = new Turns(calls);
        this.ownerWait = new OwnerWait(loop, transport.clock());
        this.drain = new MessageDrain(loop, ownerWait, this);
        loop.count(1);
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
    public Loop loop() {
        return loop;
    }

    @Override
    public OwnerWait ownerWait() {
        return ownerWait;
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    // Called by the loop.

    @Override
    public void begin(@Nullable Thread owner) {
        calls.madeBy(owner);
        watch(EpollReport.INPUT);
    }

    /** Requests a report when the socket takes bytes, at once if it takes some now. */
    @Override
    public void awaitRoom() {
        watch(EpollReport.INPUT_AND_OUTPUT);
    }

    private void watch(EpollIoOps ops) {
        if (released) {
            return;
        }
        try {
            if (registration == null) {
                registration = loop.register(this);
            }
            registration.submit(ops);
        } catch (RuntimeException e) {
            // The kernel can't watch more descriptors. The owner finds its connection broken.
            reset();
        }
    }

    @Override
    public void handle(IoRegistration of, IoEvent event) {
        if (leaving != null) {
            discardOrRelease();
            return;
        }
        EpollReport report = EpollReport.of(event);
        // Set before readable, because that makes the owner check them.
        if (report.isUrgent()) {
            urgent = true;
        }
        if (report.isHungUp()) {
            hungUp = true;
        }
        if (report.isReadable()) {
            readable = true;
        }
        if (report.isWritable()) {
            writable = true;
            drain.goOn();
        }
        ownerWait.wake();
        loop.afterEvent();
    }

    @Override
    public void drain(Outgoing messages) {
        drain.begin(messages);
    }

    @Override
    public int send(ByteBuffer batch) throws IOException {
        return calls.send(batch);
    }

    /** Called when the loop ends. */
    @Override
    public void close() {
        release();
    }

    private void takeLeave(byte[] lastWords, boolean mayLinger) {
        counted = mayLinger;
        drain.close();
        if (released) {
            depart();
            return;
        }
        try {
            calls.sayGoodbye(lastWords, peerEnded);
            if (!peerEnded && mayLinger) {
                leaving =
                        loop.events().schedule(this::release, LingeringCloses.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
                loop.leaving().add(this);
                watch(EpollReport.INPUT);
                discardOrRelease();
                return;
            }
        } catch (IOException e) {
            // The peer closed first.
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
        release();
    }

    /** Discards available input; releases the socket at the end of the stream. */
    private void discardOrRelease() {
        if (released) {
            return;
        }
        try {
            for (int round = 0; round < ROUNDS; round++) {
                int count = calls.discard();
                if (count < 0) {
                    release();
                }
                if (count <= 0) {
                    return;
                }
            }
            loop.execute(this::discardOrRelease);
        } catch (IOException e) {
            release();
        }
    }

    @Override
    public void release() {
        if (detached()) {
            calls.close();
        }
    }

    private void abandon() {
        if (detached()) {
            calls.closeWithReset();
        }
    }

    /** Removes it from the loop's lingering connections; returns whether it was among them. */
    private boolean detached() {
        if (released) {
            return false;
        }
        released = true;
        ownerWait.abort();
        drain.close();
        loop.count(-1);
        if (leaving != null) {
            leaving.cancel(false);
            loop.leaving().remove(this);
        }
        depart();
        if (registration != null) {
            registration.cancel();
        }
        return true;
    }

    private void depart() {
        if (counted) {
            counted = false;
            transport.lingering().leave();
        }
    }

    // Called by the owner.

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
        readable = false;
        int wanted = Math.min(length, calls.most());
        int count = calls.read(target, offset, wanted);
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
        byte[] lent = borrow();
        byte[] bytes = lent == null ? new byte[BORROWED] : lent;
        int count = tryRead(bytes, 0, bytes.length);
        ahead = count > 0 ? Arrays.copyOf(bytes, count) : NOTHING;
        if (lent != null) {
            giveBack(lent);
        }
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
    public long transfer(FileChannel source, long position, long count, long deadline) throws IOException {
        if (!SendFile.isAvailable()) {
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
        return TRANSFER_CHUNK;
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
