package dev.thrum.netty;

import dev.thrum.engine.Clock;
import dev.thrum.engine.DeadlineException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket that its owner reads and writes without blocking, while the loop tells when that is worth trying.
 *
 * <p>Registered once, edge-triggered: the kernel reports each arrival once. So the owner tries first and waits only
 * after the kernel has said "not now", or has given less than was asked for, which says the same without a call. After
 * the peer has ended its half there will be no further report, so it reads on to the end.
 *
 * <p>The descriptor is closed on the loop's thread. An owner that this loop carries can't be in a system call then;
 * another passes a {@link Gate}.
 */
final class EpollWire implements LoopWire, EpollIoHandle {
    private static final EpollIoOps INPUT =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
    private static final EpollIoOps INPUT_AND_OUTPUT = INPUT.with(EpollIoOps.EPOLLOUT);
    private static final int ORDINARY =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT).value();

    /** How often a leaving connection's input is thrown away before others have their turn. */
    private static final int ROUNDS = 64;

    private static final int FALLBACK_CHUNK = 16 * 1024;
    private static final byte[] NOTHING = new byte[0];
    private static final long POLL_NANOS = 1_000_000;

    /** See SocketWire: a larger one would make a steady but slow reader look like none. */
    private static final int SEND_BUFFER = 128 * 1024;

    private final Loop loop;
    private final Socket socket;
    private final InetSocketAddress peer;
    private final InetSocketAddress local;
    private final EpollPlumbing plumbing;
    private final Gate gate = new Gate();

    // Set on the loop's thread before the conversation begins.
    private @Nullable Thread home;

    // All owned by the loop's thread.
    private @Nullable IoRegistration registration;
    private @Nullable Future<?> leaving;
    private boolean released;

    // Both owned by the connection's owner; the loop sees them after finish.
    private boolean peerEnded;
    private byte[] ahead = NOTHING;

    // Raised by the loop and lowered by the owner, who then tries: what is raised meanwhile is not lost.
    private volatile boolean readable = true;
    private volatile boolean writable;

    // Raised by the loop, never lowered: the stream ends or is broken, and no further report will come.
    private volatile boolean hungUp;

    // Raised by any thread, never lowered.
    private volatile boolean deaf;
    private volatile boolean broken;

    // Set by the owner while it waits.
    private volatile @Nullable Thread waiter;

    EpollWire(Loop loop, Socket socket, InetSocketAddress peer, EpollPlumbing plumbing) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSendBufferSize(SEND_BUFFER);
        this.loop = loop;
        this.socket = socket;
        this.peer = peer;
        InetSocketAddress own = socket.localAddress();
        if (own == null) {
            throw new IOException("expected a connected socket but its peer was gone");
        }
        this.local = own;
        this.plumbing = plumbing;
        loop.count(1);
    }

    /** Waits until the peer has answered a connection request that was sent. */
    void awaitOpen(long deadline) throws IOException {
        Clock clock = plumbing.clock();
        long start = clock.nanoTime();
        waiter = Thread.currentThread();
        loop.execute(this::watchOutput);
        while (!writable) {
            requireWhole();
            long left = deadline - clock.nanoTime();
            if (left <= 0) {
                throw new DeadlineException(DeadlineException.Kind.CONNECT, Duration.ofNanos(deadline - start));
            }
            LockSupport.parkNanos(this, left);
        }
        waiter = null;
        writable = false;
        if (!socket.finishConnect()) {
            throw new IOException("expected an open connection to " + peer + " but it is still being opened");
        }
    }

    @Override
    public Loop loop() {
        return loop;
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

    // The loop's half.

    @Override
    public void begin(@Nullable Thread owner) {
        home = owner;
        if (released) {
            return;
        }
        try {
            register(INPUT);
        } catch (RuntimeException e) {
            // The kernel watches no more descriptors. The owner finds its connection broken.
            reset();
        }
    }

    private void register(EpollIoOps ops) {
        if (registration == null) {
            registration = loop.register(this);
        }
        registration.submit(ops);
    }

    /** Asks for a report when the socket takes bytes, at once if it does now. */
    private void watchOutput() {
        try {
            if (!released) {
                register(INPUT_AND_OUTPUT);
            }
        } catch (RuntimeException e) {
            reset();
        }
    }

    @Override
    public void handle(IoRegistration of, IoEvent event) {
        int bits = ((EpollIoEvent) event).ops().value();
        if (leaving != null) {
            discardOrRelease();
            return;
        }
        if ((bits & ~ORDINARY) != 0) {
            hungUp = true;
            readable = true;
            writable = true;
        } else {
            if ((bits & EpollIoOps.EPOLLIN.value()) != 0) {
                readable = true;
            }
            if ((bits & EpollIoOps.EPOLLOUT.value()) != 0) {
                writable = true;
            }
        }
        wake();
        loop.afterEvent();
    }

    private void wake() {
        LockSupport.unpark(waiter);
    }

    /** The loop ends. */
    @Override
    public void close() {
        broken = true;
        release();
        wake();
    }

    private void takeLeave(byte[] lastWords) {
        if (released) {
            return;
        }
        try {
            if (lastWords.length > 0) {
                send(loop.scratch(), lastWords, 0, lastWords.length);
            }
            if (!peerEnded) {
                socket.shutdown(false, true);
                if (linger()) {
                    return;
                }
            }
        } catch (IOException | RuntimeException e) {
            // The peer was gone before we were.
        }
        release();
    }

    private boolean linger() {
        if (!plumbing.farewells().enter()) {
            return false;
        }
        leaving = loop.events().schedule(this::release, Farewells.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        loop.leaving().add(this);
        register(INPUT);
        discardOrRelease();
        return true;
    }

    /** Throws input away until there is none now, or no more. */
    private void discardOrRelease() {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                int count = receive(loop.scratch(), Integer.MAX_VALUE);
                if (count < 0) {
                    release();
                }
                if (count <= 0) {
                    return;
                }
            }
            loop.execute(this::discardMore);
        } catch (IOException e) {
            release();
        }
    }

    private void discardMore() {
        if (!released) {
            discardOrRelease();
        }
    }

    @Override
    public void release() {
        if (released) {
            return;
        }
        released = true;
        broken = true;
        loop.count(-1);
        if (leaving != null) {
            leaving.cancel(false);
            loop.leaving().remove(this);
            plumbing.farewells().leave();
        }
        if (registration != null) {
            registration.cancel();
        }
        if (gate.close()) {
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

    // The owner's half.

    @Override
    public int read(byte[] target, int offset, int length, long deadline) throws IOException {
        if (ahead.length > 0) {
            return takeAhead(target, offset, length);
        }
        while (true) {
            requireWhole();
            if (deaf) {
                return END;
            }
            if (readable) {
                int count = tryRead(target, offset, length);
                if (count != 0) {
                    return count;
                }
            } else {
                awaitReport(true);
            }
        }
    }

    private int takeAhead(byte[] target, int offset, int length) {
        int count = Math.min(length, ahead.length);
        System.arraycopy(ahead, 0, target, offset, count);
        ahead = count == ahead.length ? NOTHING : Arrays.copyOfRange(ahead, count, ahead.length);
        return count;
    }

    /** Returns 0 if there is nothing now. */
    private int tryRead(byte[] target, int offset, int length) throws IOException {
        readable = false;
        ByteBuffer scratch = enter();
        int count;
        int wanted = Math.min(length, scratch.capacity());
        try {
            count = receive(scratch, wanted);
            if (count > 0) {
                scratch.get(0, target, offset, count);
            }
        } finally {
            leave(scratch);
        }
        if (count == wanted || hungUp) {
            readable = true;
        }
        peerEnded |= count < 0;
        return count;
    }

    /** The kernel can't be asked through Netty, so what is there is read ahead. */
    @Override
    public int available() throws IOException {
        if (ahead.length == 0 && readable && !deaf && !broken) {
            byte[] bytes = new byte[FALLBACK_CHUNK];
            int count = tryRead(bytes, 0, bytes.length);
            ahead = count > 0 ? Arrays.copyOf(bytes, count) : NOTHING;
            if (count < 0) {
                readable = true;
            }
        }
        return ahead.length;
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        for (int sent = 0; sent < length; ) {
            requireWhole();
            int count;
            ByteBuffer scratch = enter();
            try {
                count = send(scratch, source, offset + sent, length - sent);
            } finally {
                leave(scratch);
            }
            sent += count;
            if (count == 0) {
                awaitOutput();
            }
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
            long sent;
            ByteBuffer scratch = enter();
            try {
                sent = SendFile.send(socket, source, position, count);
            } finally {
                leave(scratch);
            }
            if (sent > 0) {
                return sent;
            }
            if (position >= source.size()) {
                return END;
            }
            awaitOutput();
        }
    }

    private long copy(FileChannel source, long position, long count, long deadline) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, FALLBACK_CHUNK));
        return source.read(chunk, position) < 0 ? END : write(chunk.array(), 0, chunk.position(), deadline);
    }

    @Override
    public void shutdownOutput() throws IOException {
        requireWhole();
        ByteBuffer scratch = enter();
        try {
            socket.shutdown(false, true);
        } finally {
            leave(scratch);
        }
    }

    @Override
    public void finish(byte[] lastWords) {
        loop.execute(() -> takeLeave(lastWords));
    }

    @Override
    public void expireRead() {
        deaf = true;
        wake();
    }

    @Override
    public void reset() {
        broken = true;
        wake();
        loop.execute(this::abandon);
    }

    private void abandon() {
        if (released) {
            return;
        }
        try {
            socket.setSoLinger(0);
        } catch (IOException e) {
            // The peer has broken it already.
        }
        release();
    }

    private void requireWhole() throws IOException {
        if (broken) {
            throw isClosed();
        }
    }

    private static IOException isClosed() {
        return new IOException("expected an open connection but it was reset on this side or its engine closed");
    }

    private void awaitOutput() throws IOException {
        writable = false;
        if (isHome()) {
            watchOutput();
        } else {
            loop.execute(this::watchOutput);
        }
        awaitReport(false);
    }

    private void awaitReport(boolean input) throws IOException {
        waiter = Thread.currentThread();
        try {
            while (!broken && (input ? !readable && !deaf : !writable)) {
                if (Thread.currentThread().isInterrupted()) {
                    reset();
                    throw new ClosedByInterruptException();
                }
                park();
            }
        } finally {
            waiter = null;
        }
    }

    private void park() {
        if (loop.isStuck()) {
            // This thread is pinned and keeps the loop from reporting anything: it looks by itself.
            LockSupport.parkNanos(this, POLL_NANOS);
            readable = true;
            writable = true;
        } else {
            LockSupport.park(this);
        }
    }

    // System calls, with memory outside of the heap to pass them.

    private boolean isHome() {
        return Thread.currentThread().equals(home);
    }

    /** Memory for one system call; keeps the descriptor open until {@link #leave}. */
    private ByteBuffer enter() throws IOException {
        if (isHome()) {
            return loop.scratch();
        }
        if (!gate.enter()) {
            throw isClosed();
        }
        return plumbing.memory().take();
    }

    private void leave(ByteBuffer scratch) {
        if (isHome()) {
            return;
        }
        plumbing.memory().give(scratch);
        if (gate.leave()) {
            loop.execute(this::closeDescriptor);
        }
    }

    /** Returns 0 if there is nothing now, -1 at the end of the stream. */
    private int receive(ByteBuffer scratch, int length) throws IOException {
        return socket.recvAddress(Buffer.memoryAddress(scratch), 0, Math.min(length, scratch.capacity()));
    }

    /** Returns 0 if the socket takes nothing now. */
    private int send(ByteBuffer scratch, byte[] source, int offset, int length) throws IOException {
        int count = Math.min(length, scratch.capacity());
        scratch.put(0, source, offset, count);
        return socket.sendAddress(Buffer.memoryAddress(scratch), 0, count);
    }
}
