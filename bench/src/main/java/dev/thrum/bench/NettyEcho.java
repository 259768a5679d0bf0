package dev.thrum.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
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
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Line echo on bare Netty: the frame decoder, one handler on buffers, one loop. */
final class NettyEcho {
    private static final int LONGEST_LINE = 16_384;
    private static final int END_SECONDS = 5;

    private static final short BUFFER_GROUP = 1;
    private static final short BUFFERS = 16;
    private static final int BUFFER_SIZE = 65_536;

    private NettyEcho() {}

    static EchoServer epoll() {
        require(Epoll.isAvailable(), "epoll", Epoll.unavailabilityCause());
        return start(server(EpollServerSocketChannel.class), EpollIoHandler.newFactory());
    }

    /**
     * With a ring of buffers that several reads share, where the kernel can: 0 to 5 % less CPU than reads into buffers of
     * their own. Buffers of one read each cost more; smaller ones, a larger queue and bundled reads gained nothing.
     */
    static EchoServer ioUring() {
        require(IoUring.isAvailable(), "io_uring", IoUring.unavailabilityCause());
        ServerBootstrap server = server(IoUringServerSocketChannel.class);
        IoUringIoHandlerConfig config = new IoUringIoHandlerConfig();
        if (IoUring.isRegisterBufferRingIncSupported()) {
            var _ = config.setBufferRingConfig(sharedBuffers());
            var _ = server.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFER_GROUP);
        }
        return start(server, IoUringIoHandler.newFactory(config));
    }

    static EchoServer nio() {
        return start(server(NioServerSocketChannel.class), NioIoHandler.newFactory());
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
                .option(ChannelOption.SO_BACKLOG, EchoServer.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline());
    }

    private static EchoServer start(ServerBootstrap server, IoHandlerFactory transport) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, transport);
        Channel listening = server.group(loop)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        int port = ((InetSocketAddress) listening.localAddress()).getPort();
        return new EchoServer(
                port,
                () -> loop.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).syncUninterruptibly());
    }

    private static final class Pipeline extends ChannelInitializer<Channel> {
        private static final Echo ECHO = new Echo();

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new LineBasedFrameDecoder(LONGEST_LINE), ECHO);
        }
    }

    /** Writes an answer per frame and sends them when all that was read is answered. */
    @ChannelHandler.Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        private final byte[] prefix = EchoServer.prefix();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf frame = (ByteBuf) message;
            int length = prefix.length + frame.readableBytes() + 1;
            ByteBuf answer = context.alloc().ioBuffer(length, length);
            answer.writeBytes(prefix).writeBytes(frame).writeByte('\n');
            var _ = frame.release();
            var _ = context.write(answer, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            var _ = context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
