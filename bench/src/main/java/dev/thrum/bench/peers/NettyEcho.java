package dev.thrum.bench.peers;

import dev.thrum.bench.load.LineDialogue;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.LineBasedFrameDecoder;

/** Line echo on bare Netty: the frame decoder and one handler on buffers. */
final class NettyEcho {
    private static final int LONGEST_LINE = 16_384;

    private NettyEcho() {}

    static ChannelHandler pipeline(EventLoopGroup loop) {
        return new Pipeline();
    }

    private static final class Pipeline extends ChannelInitializer<Channel> {
        private static final Echo ECHO = new Echo();

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new LineBasedFrameDecoder(LONGEST_LINE), ECHO);
        }
    }

    /** Writes an answer for each frame and flushes after the last frame of a read. */
    @ChannelHandler.Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        private final byte[] prefix = LineDialogue.prefix();

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
