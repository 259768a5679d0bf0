package dev.thrum.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;

/** Line echo on Vert.x, with the native transport and one loop. */
final class VertxEcho {
    private static final int PATIENCE_SECONDS = 20;
    private static final byte[] PREFIX = EchoServer.prefix();

    private VertxEcho() {}

    static EchoServer start() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        if (!vertx.isNativeTransportEnabled()) {
            throw new UnsupportedOperationException(
                    "this machine has no native transport for Vert.x: " + vertx.unavailableNativeTransportCause());
        }
        NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(EchoServer.BACKLOG);
        NetServer server = vertx.createNetServer(options).connectHandler(VertxEcho::serve);
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        await(server.listen(0, host));
        return new EchoServer(server.actualPort(), () -> await(vertx.close()));
    }

    private static void await(Future<?> future) {
        var _ = future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static void serve(NetSocket socket) {
        var _ = socket.exceptionHandler(_ -> {});
        var _ = socket.handler(RecordParser.newDelimited("\n", line -> socket.write(answer(line))));
    }

    private static Buffer answer(Buffer line) {
        return Buffer.buffer(PREFIX.length + line.length() + 1)
                .appendBytes(PREFIX)
                .appendBuffer(line)
                .appendByte((byte) '\n');
    }
}
