package dev.thrum.events;

import dev.thrum.engine.spi.Outgoing;
import dev.thrum.events.ring.Chunk;
import dev.thrum.events.ring.Kernel;
import dev.thrum.events.ring.Ring;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link RingWire} that its loop owns: its operations in the ring, the messages of the outbox, and the end of the
 * connection. All methods are called on the loop's thread, unless they say otherwise; after the loop's end, on any.
 *
 * <p>The descriptor is closed when the last operation has completed: the kernel may use the memory of an operation until then.
 */
abstract sealed class RingHandle implements LoopWire, RingLoop.Operator, MessageDrain.Sink permits RingWire {
    private static final int POLLOUT = 4;

    private static final AtomicIntegerFieldUpdater<RingHandle> RELEASED =
            AtomicIntegerFieldUpdater.newUpdater(RingHandle.class, "released");

    final RingLoop loop;
    final int socket;
    final InetSocketAddress peer;
    final RingTransport transport;
    final OwnerWait ownerWait;
    final RingInput input;
    final RingOutput output;

    // Set before the wire is published; of a connection that is opened here, before its opener goes on.
    private InetSocketAddress local;

    // All owned by the loop's thread.
    private int slot = RingLoop.NO_SLOT;
    private boolean receiving;
    private boolean outputEnds;
    private boolean polling;
    private boolean leaving;
    private boolean saidGoodbye;
    private boolean counted;
    private int extensions;
    private int unreadBefore = -1;
    private TimerWheel.@Nullable Timer patience;
    private @Nullable Chunk opening;

    /** Made when a message is to be sent for the first time. */
    private @Nullable MessageDrain drain;

    private boolean drainClosed;

    /** The number of the error that has broken it, or 0. */
    int failure;

    /** Whether the writer waits until all is sent, and not only for room. */
    boolean wantsAllSent;

    // 1 once it is released: whoever sets it releases it.
    private volatile int released;

    // Written on the loop's thread: whether a read returns at once; whether the next write should be tried; and, never
    // cleared, whether the peer has ended the stream or broken it.
    volatile boolean readable;
    volatile boolean writable = true;
    volatile boolean ended;

    /** Creates a wire over an accepted socket, or one that is to be connected; it is idle until its conversation begins. */
    RingHandle(RingLoop loop, int socket, InetSocketAddress peer, InetSocketAddress local, RingTransport transport) {
        this.loop = loop;
        this.socket = socket;
        this.peer = peer;
        this.local = local;
        this.transport = transport;
        this.ownerWait = new OwnerWait(loop, transport.clock(), transport.resting());
        this.input = new RingInput(loop, this);
        this.output = new RingOutput(loop, this);
        loop.count(1);
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
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    /** Any thread may ask. */
    final LingeringCloses lingering() {
        return transport.lingering();
    }

    /** Whether it may have operations in the ring; gives it a slot if it has none. */
    final boolean isPresent() {
        if (released != 0) {
            return false;
        }
        if (slot == RingLoop.NO_SLOT) {
            slot = loop.enter(this);
            if (slot == RingLoop.NO_SLOT) {
                release();
                return false;
            }
        }
        return true;
    }

    /** Receives what comes, up to a limit: it is asked for more only when its owner has read that. */
    final void receive() {
        if (!receiving && !ended && isPresent()) {
            receiving = true;
            loop.ring().receive(socket, transport.limit(), RingLoop.data(slot, RingLoop.RECEIVE));
        }
    }

    final void submit(Chunk chunk) {
        loop.ring().send(socket, chunk, RingLoop.data(slot, RingLoop.SEND));
    }

    @Override
    public void complete(int kind, int result, int flags) {
        switch (kind) {
            case RingLoop.RECEIVE -> received(result, flags);
            case RingLoop.SEND -> sent(result);
            case RingLoop.POLL -> polled(result);
            case RingLoop.CONNECT -> opened(result);
            default -> throw new IllegalStateException("expected an operation of a connection but was " + kind);
        }
        if (released != 0) {
            closeWhenOver();
        }
    }

    private void received(int result, int flags) {
        receiving = (flags & Ring.MORE) != 0;
        if (result > 0) {
            int buffer = Ring.buffer(flags);
            if (released != 0 || leaving || ownerWait.isInputEnded()) {
                loop.ring().buffers().giveBack(buffer);
            } else {
                input.add(buffer, result);
                if (!readable) {
                    readable = true;
                }
                ownerWait.wakeAll();
            }
        } else if (result == 0) {
            endInput();
        } else if (result == -Kernel.ENOBUFS) {
            // Others have them all, until the end of this turn. What has come is still in the socket.
            if (input.isEmpty()) {
                receive();
            }
        } else if (result != -Kernel.ECANCELED) {
            fail(-result);
        }
        if (leaving && released == 0) {
            discard();
        }
    }

    /** The peer has ended its half. */
    final void endInput() {
        ended = true;
        readable = true;
        ownerWait.wakeAll();
    }

    /** The connection is broken, and brings nothing more. What has come before can still be read. */
    final void fail(int error) {
        endInput();
        failOutput(error);
    }

    /** Nothing can be sent any more. What has come before may still be in the socket, so the input ends when a receive says so. */
    private void failOutput(int error) {
        if (failure == 0) {
            failure = error;
        }
        writable = true;
        ownerWait.wake();
        if (drain != null) {
            drain.goOn();
        }
        if (input.isEmpty()) {
            receive();
        }
    }

    private void sent(int result) {
        if (result > 0 && released == 0) {
            output.sent(result);
            if (!writable && (wantsAllSent ? output.isEmpty() : output.hasRoom())) {
                writable = true;
                ownerWait.wake();
            }
            if (drain != null) {
                drain.goOn();
            }
        } else {
            output.ended();
            if (result <= 0 && result != -Kernel.ECANCELED) {
                failOutput(result == 0 ? Kernel.ECONNRESET : -result);
            }
        }
        if (outputEnds) {
            endOutput();
        }
        if (leaving) {
            sayGoodbye();
        }
    }

    /** Ends the output when all is sent. */
    final void endOutput() {
        outputEnds = true;
        if (output.isEmpty() && isPresent()) {
            var _ = Kernel.shutdownOutput(socket);
        }
    }

    /** Wakes the writer when the socket takes bytes. */
    final void pollOutput() {
        writable = false;
        wantsAllSent = false;
        polling = true;
        loop.ring().poll(socket, POLLOUT, false, RingLoop.data(slot, RingLoop.POLL));
    }

    private void polled(int result) {
        polling = false;
        if (result < 0 && result != -Kernel.ECANCELED) {
            failOutput(-result);
        }
        // If the connection is broken, the next call says why.
        writable = true;
        ownerWait.wake();
    }

    /** Opens the connection, within this time at most. */
    final void open(long nanos) {
        if (!isPresent()) {
            return;
        }
        try {
            Chunk memory = loop.chunks().take();
            opening = memory;
            loop.ring().connect(socket, peer, memory, nanos, RingLoop.data(slot, RingLoop.CONNECT), RingLoop.nothing());
        } catch (OutOfMemoryError e) {
            fail(Kernel.ENOMEM);
        }
    }

    private void opened(int result) {
        if (opening != null) {
            loop.chunks().give(opening);
            opening = null;
        }
        if (result < 0) {
            // When the time is over, the opener sees that too.
            if (result != -Kernel.ECANCELED) {
                fail(-result);
            }
            return;
        }
        local = Kernel.local(socket).orElse(local);
        // A response may come, and the end too, before anything is read.
        receive();
        writable = true;
        ownerWait.wake();
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
        requireOutput();
        return output.put(batch);
    }

    @Override
    public void awaitRoom() {
        // The end of a send is reported anyway.
    }

    /** Throws if nothing can be sent any more. */
    final void requireOutput() throws IOException {
        if (failure != 0) {
            throw new IOException(Kernel.text(failure));
        }
        // Aborted: its release may wait for this thread to leave the loop.
        if (ownerWait.isAborted() || !isPresent()) {
            throw SocketCalls.closed();
        }
    }

    final void takeLeave(byte[] lastWords, boolean mayLinger) {
        counted = mayLinger;
        closeDrain();
        if (!isPresent()) {
            depart();
            return;
        }
        leaving = true;
        input.drop();
        try {
            var _ = output.put(lastWords, 0, lastWords.length);
        } catch (OutOfMemoryError e) {
            // It closes without them.
        }
        sayGoodbye();
    }

    /** When all is sent, ends the output. */
    private void sayGoodbye() {
        if (released != 0 || saidGoodbye) {
            return;
        }
        if (failure != 0) {
            release();
        } else if (!output.isEmpty()) {
            awaitPatience();
        } else {
            saidGoodbye = true;
            var _ = Kernel.shutdownOutput(socket);
            if (counted && !ended) {
                awaitPatience();
                receive();
            } else {
                release();
            }
        }
    }

    private void awaitPatience() {
        if (patience == null) {
            patience = loop.timers().later(LingeringCloses.PATIENCE, this::patienceIsOver);
        }
    }

    /** Discards input of a connection that is to be closed. */
    private void discard() {
        if (!ended) {
            receive();
        } else if (saidGoodbye || failure != 0) {
            release();
        }
    }

    /** Ends a lingering close, or extends its time if output remains and the peer still reads. */
    private void patienceIsOver() {
        int unread = Kernel.unacknowledged(socket);
        boolean moves = !output.isEmpty() && unread != unreadBefore;
        patience = null;
        if (moves && counted && extensions++ < LingeringCloses.MOST_EXTENSIONS) {
            unreadBefore = unread;
            awaitPatience();
        } else {
            release();
        }
    }

    @Override
    public void release() {
        if (!RELEASED.compareAndSet(this, 0, 1)) {
            return;
        }
        ownerWait.abort();
        closeDrain();
        loop.count(-1);
        depart();
        if (slot == RingLoop.NO_SLOT) {
            Kernel.close(socket);
            return;
        }
        if (patience != null) {
            loop.timers().cancel(patience);
        }
        input.drop();
        output.drop();
        cancel(receiving, RingLoop.RECEIVE);
        cancel(output.isSending(), RingLoop.SEND);
        cancel(opening != null, RingLoop.CONNECT);
        cancel(polling, RingLoop.POLL);
        closeWhenOver();
    }

    private void cancel(boolean underWay, int kind) {
        if (underWay) {
            loop.cancel(slot, kind);
        }
    }

    private void closeWhenOver() {
        if (slot != RingLoop.NO_SLOT && !receiving && !output.isSending() && opening == null && !polling) {
            Kernel.close(socket);
            loop.leave(slot);
            slot = RingLoop.NO_SLOT;
        }
    }

    /** Resets the connection. */
    final void abandon() {
        if (released == 0) {
            Kernel.resetOnClose(socket);
            release();
        }
    }

    private void depart() {
        if (counted) {
            counted = false;
            lingering().leave();
        }
    }
}
