package dev.thrum.bench.peers;

import dev.thrum.bench.load.Greeting;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.xnio.Options;

/** HTTP on Undertow: one loop, which also runs the handler; responses to pipelined requests share a buffer. */
final class UndertowHttp {
    private final byte[] text = Greeting.text();

    private UndertowHttp() {}

    static Endpoint start() {
        Undertow server = Undertow.builder()
                .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                .setIoThreads(1)
                .setSocketOption(Options.BACKLOG, Endpoint.BACKLOG)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, true)
                .setHandler(new UndertowHttp()::answer)
                .build();
        server.start();
        InetSocketAddress address =
                (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        return new Endpoint(address.getPort(), server::stop);
    }

    private void answer(HttpServerExchange exchange) {
        switch (exchange.getRequestPath()) {
            case Greeting.TEXT_PATH -> answer(exchange, Greeting.TEXT_TYPE, text);
            case Greeting.JSON_PATH -> answer(exchange, Greeting.JSON_TYPE, Greeting.json());
            default -> exchange.setStatusCode(StatusCodes.NOT_FOUND);
        }
    }

    private static void answer(HttpServerExchange exchange, String type, byte[] body) {
        var _ = exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }
}
