package dev.thrum.events;

import dev.thrum.base.Clock;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.spi.Addresses;
import dev.thrum.engine.spi.EngineBackend.Listener;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.engine.spi.Wire;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A transport over Netty's channels, with a handler that only passes events on.
 *
 * @param handlers the factory of each loop's I/O handler
 * @param serverChannels makes a channel that will listen
 * @param channels makes a channel that will connect
 */
record ChannelTransport(
        IoHandlerFactory handlers,
        Function<SocketProtocolFamily, ServerChannel> serverChannels,
        Function<SocketProtocolFamily, DuplexChannel> channels,
        LingeringCloses lingering,
        Clock clock,
        RestPolicy resting)
        implements Transport<NettyLoop> {
    /** Netty's allocator needs a tenth of a second to start, which must not delay the first connection's loop. */
    private static void warmUp() {
        ByteBufAllocator.DEFAULT.directBuffer().release();
    }

    static ChannelTransport nio(LingeringCloses lingering, Clock clock, RestPolicy resting) {
        warmUp();
        SelectorProvider provider = SelectorProvider.provider();
        return new ChannelTransport(
                NioIoHandler.newFactory(),
                family -> new NioServerSocketChannel(provider, family),
                family -> new NioSocketChannel(provider, family),
                lingering,
                clock,
                resting);
    }

    @Override
    public NettyLoop newLoop(String name, Executor orphans, Reports reports) {
        return new NettyLoop(name, handlers, orphans, reports, clock::nanoTime);
    }

    @Override
    public Listener listen(
            InetSocketAddress address, NettyLoop acceptor, Loops<NettyLoop> loops, Consumer<Wire> accepted)
            throws IOException {
        return ChannelListener.open(
                open(serverChannels, address),
                address,
                acceptor,
                channel -> admit(wire(channel, loops), accepted),
                clock);
    }

    private static void admit(ChannelWire wire, Consumer<Wire> accepted) {
        try {
            accepted.accept(wire);
        } catch (RuntimeException | Error e) {
            wire.reset();
            throw e;
        }
    }

    private static <T> T open(Function<SocketProtocolFamily, T> kind, InetSocketAddress address) throws IOException {
        try {
            return kind.apply(family(address));
        } catch (ChannelException e) {
            throw NativeErrors.opening(e);
        }
    }

    private ChannelWire wire(DuplexChannel channel, Loops<NettyLoop> loops) throws IOException {
        if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) {
            throw new IOException("expected a connected socket but its peer has disconnected");
        }
        ChannelWire.configure(channel);
        ChannelWire wire = new ChannelWire(loops.next(), channel, peer, this);
        wire.connected();
        return wire;
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline, NettyLoop loop) throws IOException {
        DuplexChannel channel = open(channels, address);
        ChannelWire.configure(channel);
        ChannelWire wire = new ChannelWire(loop, channel, address, this);
        try {
            long start = clock.nanoTime();
            await(loop.register(channel), loop, deadline, start);
            await(channel.connect(address), loop, deadline, start);
            wire.connected();
            return wire;
        } catch (ConnectException e) {
            wire.reset();
            throw Addresses.connecting(address, new ConnectException(NativeErrors.reason(e)));
        } catch (IOException | RuntimeException | Error e) {
            wire.reset();
            throw e;
        }
    }

    private void await(ChannelFuture future, Loop loop, long deadline, long start) throws IOException {
        Thread caller = Thread.currentThread();
        loop.beginWait();
        var _ = future.addListener(done -> LockSupport.unpark(caller));
        while (!future.isDone()) {
            long left = deadline - clock.nanoTime();
            if (left <= 0) {
                throw new DeadlineException(DeadlineException.Kind.CONNECT, Duration.ofNanos(deadline - start));
            }
            if (caller.isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            if (loop.isKeptBy(caller)) {
                throw OwnerWait.pinned();
            }
            LockSupport.parkNanos(this, left);
        }
        switch (future.cause()) {
            case null -> {}
            case IOException e -> throw e;
            case Throwable e -> throw new IOException("expected a connection but it could not be opened", e);
        }
    }

    private static SocketProtocolFamily family(InetSocketAddress address) {
        return Addresses.family(address) == StandardProtocolFamily.INET
                ? SocketProtocolFamily.INET
                : SocketProtocolFamily.INET6;
    }
}
