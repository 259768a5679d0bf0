package dev.thrum.events;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.AcceptIncident;
import dev.thrum.engine.spi.Addresses;
import dev.thrum.engine.spi.EngineBackend;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A listener that accepts connections on one address, on the acceptor's loop.
 *
 * <p>When accepting fails (most often because the process is out of file descriptors) it pauses and tries again: the
 * clients wait in the kernel's queue meanwhile.
 */
final class ChannelListener extends ChannelInboundHandlerAdapter implements EngineBackend.Listener {
    private final ServerChannel channel;
    private final InetSocketAddress address;
    private final NettyLoop acceptor;
    private final Accepted accepted;

    // Both owned by the acceptor's thread.
    private final AcceptIncident incident;
    private boolean closed;

    /** Receives each accepted client. */
    interface Accepted {
        void accept(DuplexChannel client) throws IOException;
    }

    private ChannelListener(
            ServerChannel channel, InetSocketAddress address, NettyLoop acceptor, Accepted accepted, Clock clock) {
        this.channel = channel;
        this.address = address;
        this.acceptor = acceptor;
        this.accepted = accepted;
        this.incident = new AcceptIncident(address, clock);
    }

    static ChannelListener open(
            ServerChannel channel, InetSocketAddress address, NettyLoop acceptor, Accepted accepted, Clock clock)
            throws IOException {
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
        channel.config().setOption(ChannelOption.SO_BACKLOG, Transport.BACKLOG);
        // No client is accepted before the handler is in place.
        channel.config().setAutoRead(false);
        try {
            require(acceptor.register(channel));
            bind(channel, address);
            ChannelListener listener =
                    new ChannelListener(channel, (InetSocketAddress) channel.localAddress(), acceptor, accepted, clock);
            // In one step on the loop: a handler added from another thread would miss input that arrives before the
            // loop sees it.
            return acceptor.call(() -> {
                channel.pipeline().addLast(listener);
                channel.config().setAutoRead(true);
                return listener;
            });
        } catch (IOException | RuntimeException | Error e) {
            var _ = channel.close();
            throw e;
        }
    }

    private static void bind(ServerChannel channel, InetSocketAddress address) throws IOException {
        try {
            require(channel.bind(address));
        } catch (IOException e) {
            throw Addresses.listening("tcp", address, NativeErrors.binding(e));
        }
    }

    private static void require(ChannelFuture future) throws IOException {
        Throwable cause = future.awaitUninterruptibly().cause();
        if (cause != null) {
            throw cause instanceof IOException exception ? exception : new IOException(cause.getMessage(), cause);
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DuplexChannel client = (DuplexChannel) message;
        if (closed) {
            client.unsafe().closeForcibly();
            return;
        }
        incident.accepted();
        try {
            accepted.accept(client);
        } catch (IOException e) {
            // The client disconnected before it was served.
            client.unsafe().closeForcibly();
        } catch (RuntimeException | Error e) {
            acceptor.report("a client could not be admitted", e);
            client.unsafe().closeForcibly();
        } finally {
            // The protocol's refusal is foreign code; a changed name or a pending interrupt must not reach the next
            // client.
            Thread.interrupted();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        channel.config().setAutoRead(false);
        long nanos = incident.failed(NativeErrors.accepting(cause)).toNanos();
        var _ = acceptor.events().schedule(() -> channel.config().setAutoRead(true), nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        acceptor.execute(this::stop);
        acceptor.awaitClosed(channel);
    }

    private void stop() {
        closed = true;
        var _ = channel.close();
    }
}
