package dev.thrum.bench.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server on bare Netty: one loop and a pipeline. */
final class NettyServer {
    private static final int END_SECONDS = 5;

    private static final short BUFFER_GROUP = 1;
    private static final short BUFFERS = 16;
    private static final int BUFFER_SIZE = 65_536;

    /** Makes the initializer of every connection's pipeline. */
    @FunctionalInterface
    interface Pipeline {
        /** An initializer for the connections of this loop. */
        ChannelHandler on(EventLoopGroup loop);
    }

    private NettyServer() {}

    static Endpoint epoll(Pipeline pipeline) {
        require(Epoll.isAvailable(), "epoll", Epoll.unavailabilityCause());
        return start(server(EpollServerSocketChannel.class), EpollIoHandler.newFactory(), pipeline);
    }

    /**
     * With a ring of buffers that several reads share, if the kernel supports it: 0 to 5 % less CPU than reads into
     * buffers of their own. Ring buffers for one read each cost more; smaller buffers, a larger queue and bundled reads
     * made no difference.
     */
    static Endpoint ioUring(Pipeline pipeline) {
        require(IoUring.isAvailable(), "io_uring", IoUring.unavailabilityCause());
        ServerBootstrap server = server(IoUringServerSocketChannel.class);
        IoUringIoHandlerConfig config = new IoUringIoHandlerConfig();
        if (IoUring.isRegisterBufferRingIncSupported()) {
            var _ = config.setBufferRingConfig(sharedBuffers());
            var _ = server.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFER_GROUP);
        }
        return start(server, IoUringIoHandler.newFactory(config), pipeline);
    }

    static Endpoint nio(Pipeline pipeline) {
        return start(server(NioServerSocketChannel.class), NioIoHandler.newFactory(), pipeline);
    }

    private static IoUringBufferRingConfig sharedBuffers() {
        return IoUringBufferRingConfig.builder()
                .bufferGroupId(BUFFER_GROUP)
                .bufferRingSize(BUFFERS)
                .batchSize(BUFFERS / 2)
                .incremental(true)
                .allocator(new IoUringFixedBufferRingAllocator(BUFFER_SIZE))
                .build();
    }

    private static void require(boolean available, String what, @Nullable Throwable cause) {
        if (!available) {
            throw new UnsupportedOperationException("this machine has no " + what + ": " + cause, cause);
        }
    }

    private static ServerBootstrap server(Class<? extends ServerChannel> type) {
        return new ServerBootstrap()
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, Endpoint.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true);
    }

    private static Endpoint start(ServerBootstrap server, IoHandlerFactory transport, Pipeline pipeline) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, transport);
        Channel listening = server.group(loop)
                .childHandler(pipeline.on(loop))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        int port = ((InetSocketAddress) listening.localAddress()).getPort();
        return new Endpoint(
                port,
                () -> loop.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).syncUninterruptibly());
    }
}
