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
import io.netty.channel.uring.IoUringIoHandler;
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

    private NettyEcho() {}

    static EchoServer epoll() throws Exception {
        require(Epoll.isAvailable(), "epoll", Epoll.unavailabilityCause());
        return start(EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
    }

    static EchoServer ioUring() throws Exception {
        require(IoUring.isAvailable(), "io_uring", IoUring.unavailabilityCause());
        return start(IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
    }

    static EchoServer nio() throws Exception {
        return start(NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }

    private static void require(boolean available, String what, @Nullable Throwable cause) {
        if (!available) {
            throw new UnsupportedOperationException("this machine has no " + what + ": " + cause, cause);
        }
    }

    private static EchoServer start(IoHandlerFactory transport, Class<? extends ServerChannel> type) throws Exception {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, transport);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, EchoServer.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline());
        Channel listening = bootstrap
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
