package dev.thrum.bench.peers;

import dev.thrum.bench.load.BroadcastLines;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Broadcasts to a {@link ChannelGroup} on bare Netty.
 *
 * <p>A line is encoded once, into a direct buffer that all channels share. Void promises save an object and a listener
 * for each receiver, and lines that are asked for together are flushed together.
 */
final class NettyPush {
    private static final int LONGEST_LINE = 16_384;

    private NettyPush() {}

    static ChannelHandler pipeline(EventLoopGroup loop) {
        return new Pipeline(new Push(new DefaultChannelGroup(loop.next())));
    }

    private static final class Pipeline extends ChannelInitializer<Channel> {
        private final Push push;

        Pipeline(Push push) {
            this.push = push;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new LineBasedFrameDecoder(LONGEST_LINE), push);
        }
    }

    @ChannelHandler.Sharable
    private static final class Push extends ChannelInboundHandlerAdapter {
        private final ChannelGroup receivers;

        Push(ChannelGroup receivers) {
            this.receivers = receivers;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf frame = (ByteBuf) message;
            String command = frame.toString(StandardCharsets.US_ASCII);
            var _ = frame.release();
            switch (command) {
                case BroadcastLines.JOIN -> {
                    var _ = receivers.add(context.channel());
                    answer(context, BroadcastLines.JOINED);
                }
                case BroadcastLines.LEAVE -> {
                    var _ = receivers.remove(context.channel());
                    answer(context, BroadcastLines.LEFT);
                }
                default -> broadcast(context, BroadcastLines.asked(command));
            }
        }

        private static void answer(ChannelHandlerContext context, String text) {
            var _ = context.writeAndFlush(line(context, text), context.voidPromise());
        }

        private void broadcast(ChannelHandlerContext context, List<String> texts) {
            for (String text : texts.subList(0, texts.size() - 1)) {
                var _ = receivers.write(line(context, text), ChannelMatchers.all(), true);
            }
            var _ = receivers.writeAndFlush(line(context, texts.getLast()), ChannelMatchers.all(), true);
        }

        private static ByteBuf line(ChannelHandlerContext context, String text) {
            ByteBuf line = context.alloc().ioBuffer(text.length() + 1, text.length() + 1);
            var _ = line.writeCharSequence(text, StandardCharsets.US_ASCII);
            return line.writeByte('\n');
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
