package dev.thrum.bench.peers;

import dev.thrum.bench.load.Greeting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * HTTP on bare Netty: the codec and one handler.
 *
 * <p>The codec validates requests as it does by default, as a server on the Internet must. Response headers are
 * constants, so their names and values aren't validated, and there is no object for trailers; names, types and lengths
 * are cached ASCII strings. Responses to requests of one read are flushed together. Separate decoder and encoder
 * instead of the combined codec, and the text in a direct buffer, made no measurable difference.
 */
final class NettyHttp {
    private NettyHttp() {}

    static ChannelHandler pipeline(EventLoopGroup loop) {
        HttpDate date = new HttpDate(Clock.systemUTC());
        var _ = loop.scheduleAtFixedRate(
                date::renew, HttpDate.PERIOD_MILLIS, HttpDate.PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return new Pipeline(new Greeter(date));
    }

    /** The same over TLS. */
    static ChannelHandler encrypted(EventLoopGroup loop, SslContext tls) {
        ChannelHandler plain = pipeline(loop);
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(tls.newHandler(channel.alloc()), plain);
            }
        };
    }

    @ChannelHandler.Sharable
    private static final class Pipeline extends ChannelInitializer<Channel> {
        private final Greeter greeter;

        Pipeline(Greeter greeter) {
            this.greeter = greeter;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new HttpServerCodec(), greeter);
        }
    }

    /** Writes a response for each request and flushes after the last request of a read. */
    @ChannelHandler.Sharable
    private static final class Greeter extends ChannelInboundHandlerAdapter {
        private static final HttpHeadersFactory HEADERS =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false);
        private static final AsciiString TEXT_TYPE = AsciiString.cached(Greeting.TEXT_TYPE);
        private static final AsciiString JSON_TYPE = AsciiString.cached(Greeting.JSON_TYPE);
        private static final AsciiString TEXT_LENGTH = AsciiString.cached("" + Greeting.TEXT.length());
        private static final AsciiString BULK_LENGTH = AsciiString.cached("" + Greeting.bulk().length);
        private static final AsciiString NOTHING = AsciiString.cached("0");

        private final byte[] text = Greeting.text();
        private final byte[] bulk = Greeting.bulk();
        private final HttpDate date;

        Greeter(HttpDate date) {
            this.date = date;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // The end of a request without a body is always this one object.
        public void channelRead(ChannelHandlerContext context, Object message) {
            // First, because this is the cheaper check and applies to half of the messages.
            if (message == LastHttpContent.EMPTY_LAST_CONTENT) {
                return;
            }
            if (message instanceof HttpRequest request) {
                var _ = context.write(answer(request.uri()), context.voidPromise());
            }
            var _ = ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            var _ = context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }

        private DefaultFullHttpResponse answer(String uri) {
            return switch (uri) {
                case Greeting.TEXT_PATH -> ok(Unpooled.wrappedBuffer(text), TEXT_TYPE, TEXT_LENGTH);
                case Greeting.BULK_PATH -> ok(Unpooled.wrappedBuffer(bulk), TEXT_TYPE, BULK_LENGTH);
                case Greeting.JSON_PATH -> json(Greeting.json());
                default -> response(HttpResponseStatus.NOT_FOUND, Unpooled.EMPTY_BUFFER, NOTHING);
            };
        }

        private DefaultFullHttpResponse json(byte[] json) {
            return ok(Unpooled.wrappedBuffer(json), JSON_TYPE, Integer.toString(json.length));
        }

        private DefaultFullHttpResponse ok(ByteBuf body, AsciiString type, CharSequence length) {
            DefaultFullHttpResponse response = response(HttpResponseStatus.OK, body, length);
            var _ = response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
            return response;
        }

        private DefaultFullHttpResponse response(HttpResponseStatus status, ByteBuf body, CharSequence length) {
            HttpHeaders headers = HEADERS.newHeaders();
            var _ = headers.set(HttpHeaderNames.CONTENT_LENGTH, length).set(HttpHeaderNames.DATE, date.value());
            return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body, headers, EmptyHttpHeaders.INSTANCE);
        }
    }
}
