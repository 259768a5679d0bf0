package dev.thrum.events;

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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The side of an {@link EpollWire} that its loop owns: the kernel's reports, the messages of the outbox, and the end of the
 * connection. All methods are called by the loop.
 */
abstract sealed class EpollHandle implements LoopWire, EpollIoHandle, MessageDrain.Sink permits EpollWire {
    /** The number of discarding reads of a lingering connection before others have their turn. */
    private static final int ROUNDS = 64;

    final NettyLoop loop;
    final Socket socket;
    final InetSocketAddress peer;
    private final InetSocketAddress local;
    final EpollTransport transport;
    final SocketCalls calls;
    final OwnerWait ownerWait;

    // All owned by the loop's thread.
    private @Nullable IoRegistration registration;
    private @Nullable Future<?> leaving;
    /** Made when a message is to be sent for the first time. */
    private @Nullable MessageDrain drain;

    private boolean drainClosed;
    private boolean watched;
    private boolean counted;
    private boolean released;

    // Owned by the input's owner; the loop sees it after finish.
    boolean peerEnded;

    // Set by the loop and cleared by the owner, which then tries: a report that arrives meanwhile is not lost.
    volatile boolean readable = true;
    volatile boolean writable;

    // Set by the loop, never cleared: the stream ends or is broken, and no further report will come.
    volatile boolean hungUp;

    // Set by the loop, never cleared: a read stops at urgent data (RFC 6093), so a short one does not mean "no more".
    volatile boolean urgent;

    /** Creates a wire over an accepted or connecting socket; it is idle until its conversation begins. */
    EpollHandle(
            NettyLoop loop,
            Socket socket,
            InetSocketAddress peer,
            @Nullable InetSocketAddress local,
            EpollTransport transport)
            throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSendBufferSize(SEND_BUFFER);
        this.loop = loop;
        this.socket = socket;
        this.peer = peer;
        this.local = local == null ? localAddress(socket) : local;
        this.transport = transport;
        this.calls = new SocketCalls(loop, socket, transport.memory());
        this.ownerWait = new OwnerWait(loop, transport.clock(), transport.resting());
        loop.count(1);
    }

    private static InetSocketAddress localAddress(Socket socket) throws IOException {
        InetSocketAddress own = socket.localAddress();
        if (own == null) {
            throw new IOException("expected a connected socket but its peer has disconnected");
        }
        return own;
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

    @Override
    public void begin(@Nullable Thread owner) {
        calls.madeBy(owner);
        watchFirst();
    }

    /** Requests reports of input for the first run of the conversation, which then stay requested. */
    final void watchFirst() {
        if (!watched) {
            watched = true;
            watch(EpollReport.INPUT);
        }
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
            if (drain != null) {
                drain.goOn();
            }
        }
        if (readable) {
            ownerWait.wakeAll();
        } else {
            ownerWait.wake();
        }
        loop.afterEvent();
    }

    @Override
    public void drain(Outgoing messages) {
        if (drain == null) {
            drain = new MessageDrain(loop, ownerWait, this);
            if (drainClosed) {
                drain.close();
            }
        }
        drain.begin(messages);
    }

    private void closeDrain() {
        drainClosed = true;
        if (drain != null) {
            drain.close();
        }
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

    final void takeLeave(byte[] lastWords, boolean mayLinger) {
        counted = mayLinger;
        closeDrain();
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

    final void abandon() {
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
        closeDrain();
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
}
