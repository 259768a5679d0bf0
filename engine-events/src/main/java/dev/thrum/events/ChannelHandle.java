package dev.thrum.events;

import dev.thrum.engine.spi.Outgoing;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link ChannelWire} that its loop owns: the channel's events, and the end of the connection. All methods are
 * called by the loop, unless they say otherwise.
 */
abstract sealed class ChannelHandle extends ChannelInboundHandlerAdapter implements LoopWire, MessageDrain.Sink
        permits ChannelWire {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(16 * 1024, 32 * 1024);

    final NettyLoop loop;
    final DuplexChannel channel;
    private final InetSocketAddress peer;
    final LingeringCloses lingering;
    final ChannelInput input;
    final OwnerWait ownerWait;
    private final MessageDrain drain;
    final Outbound outbound;

    // Set before the wire is published.
    private InetSocketAddress local = new InetSocketAddress(0);

    // Set on the loop's thread before the conversation begins.
    @Nullable
    Thread home;

    // All owned by the loop's thread.
    private @Nullable ChannelFuture lastWrite;
    private @Nullable Future<?> leaving;
    private boolean counted;
    private boolean released;
    private int extensions;
    private long unsentBefore;

    // Set by the thread whose turn it is to write, never cleared.
    volatile boolean outputEnded;

    /** The number of bytes that the owner has handed over and that the channel has not received yet. */
    final AtomicInteger handed = new AtomicInteger();

    // Set by the owner, cleared by the loop.
    volatile boolean transferring;

    // Written by the loop.
    volatile boolean writable = true;
    volatile @Nullable IOException failure;

    /** Wraps a channel that is not connected or registered yet, so no input arrives before its handler is in place. */
    ChannelHandle(NettyLoop loop, DuplexChannel channel, InetSocketAddress peer, ChannelTransport transport) {
        this.loop = loop;
        this.channel = channel;
        this.peer = peer;
        this.lingering = transport.lingering();
        this.input = new ChannelInput(loop, channel);
        this.ownerWait = new OwnerWait(loop, transport.clock(), transport.resting());
        this.drain = new MessageDrain(loop, ownerWait, this);
        this.outbound = new Outbound(loop, this::fail);
        channel.pipeline().addLast(this);
        loop.count(1);
    }

    /** The channel is connected; called before the wire is published. */
    void connected() throws IOException {
        if (!(channel.localAddress() instanceof InetSocketAddress own)) {
            throw new IOException("expected a connected socket but its peer has disconnected");
        }
        local = own;
    }

    static void configure(Channel channel) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        // This class enforces the deadline.
        channel.config().setConnectTimeoutMillis(0);
        channel.config().setWriteBufferWaterMark(WATER_MARK);
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

    @Override
    public void begin(@Nullable Thread owner) {
        home = owner;
        register();
    }

    final void register() {
        if (!channel.isRegistered() && !released) {
            loop.register(channel).addListener(registered -> {
                if (!registered.isSuccess()) {
                    fail(registered.cause());
                }
            });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (leaving == null) {
                input.add((ByteBuf) message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
        ownerWait.wakeAll();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        loop.afterEvent();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        writable = channel.isWritable();
        drain.goOn();
        ownerWait.wake();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!input.hasEnded() && !released && failure == null) {
            // Netty closes a channel, without another word, when a write fails.
            fail(new IOException("Connection reset"));
        }
        inputEnded();
        writable = true;
        transferring = false;
        if (failure == null) {
            failure = new IOException("expected an open connection but the peer has closed it");
        }
        ownerWait.wake();
        release();
    }

    private void inputEnded() {
        input.end();
        ownerWait.wakeAll();
        if (leaving != null && (lastWrite == null || lastWrite.isDone())) {
            release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
    }

    private void fail(Throwable cause) {
        failure = cause instanceof IOException exception
                ? exception
                : new IOException("expected an open connection but it has failed", cause);
        ownerWait.abort();
        release();
    }

    @Override
    public void drain(Outgoing messages) {
        // After what the owner has handed over.
        run(() -> drain.begin(messages));
    }

    @Override
    public int send(ByteBuffer batch) {
        int count = batch.remaining();
        if (!channel.isWritable()) {
            return 0;
        }
        register();
        lastWrite = channel.writeAndFlush(channel.alloc().directBuffer(count).writeBytes(batch));
        return count;
    }

    @Override
    public void awaitRoom() {
        // The channel reports it anyway.
    }

    final void transmit(byte[] bytes) {
        handed.addAndGet(-bytes.length);
        if (!released) {
            ByteBuf buffer = channel.alloc().directBuffer(bytes.length);
            buffer.writeBytes(bytes);
            lastWrite = channel.writeAndFlush(buffer);
        }
        ownerWait.wake();
    }

    final void transmit(HandlersFileRegion region) {
        lastWrite = channel.writeAndFlush(region).addListener(sent -> {
            transferring = false;
            if (!sent.isSuccess()) {
                fail(sent.cause());
            }
            ownerWait.wake();
        });
    }

    /** Runs an action when everything written so far has been taken by the network. */
    final void whenSent(Runnable action) {
        if (lastWrite == null || lastWrite.isDone()) {
            action.run();
        } else {
            lastWrite.addListener(sent -> action.run());
        }
    }

    final void takeLeave(byte[] lastWords, boolean mayLinger) {
        counted = mayLinger;
        drain.close();
        register();
        if (released) {
            depart();
            return;
        }
        leaving =
                loop.events().schedule(this::patienceIsOver, LingeringCloses.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        loop.leaving().add(this);
        if (lastWords.length > 0) {
            handed.addAndGet(lastWords.length);
            transmit(lastWords);
        }
        input.drop();
        whenSent(this::sayGoodbye);
    }

    private void sayGoodbye() {
        if (input.hasEnded() || !counted) {
            release();
        } else {
            endOutput();
        }
    }

    final void endOutput() {
        if (!released) {
            var _ = channel.shutdownOutput();
        }
    }

    /** Ends a lingering close, or extends its time if the peer still reads output. */
    private void patienceIsOver() {
        long unsent = channel.bytesBeforeWritable() - channel.bytesBeforeUnwritable();
        boolean moves = lastWrite != null && !lastWrite.isDone() && unsent != unsentBefore;
        if (moves && counted && extensions++ < LingeringCloses.MOST_EXTENSIONS) {
            unsentBefore = unsent;
            leaving = loop.events()
                    .schedule(this::patienceIsOver, LingeringCloses.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            release();
        }
    }

    @Override
    public void release() {
        if (released) {
            return;
        }
        released = true;
        ownerWait.abort();
        drain.close();
        if (leaving != null) {
            leaving.cancel(false);
            loop.leaving().remove(this);
        }
        depart();
        loop.count(-1);
        if (channel.isRegistered()) {
            var _ = channel.close();
        } else {
            channel.unsafe().closeForcibly();
        }
    }

    private void depart() {
        if (counted) {
            counted = false;
            lingering.leave();
        }
    }

    final void abandon() {
        if (!released) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            release();
        }
    }

    /** Runs tasks in the order of the calls, before the loop asks the kernel again. */
    final void run(Runnable task) {
        outbound.add(task, Thread.currentThread().equals(home));
    }
}
