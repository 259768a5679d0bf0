package dev.thrum.bench.peers;

import dev.thrum.bench.load.LineDialogue;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.net.InetAddress;

/** Line echo on Vert.x. */
final class VertxEcho {
    private static final byte[] PREFIX = LineDialogue.prefix();

    private VertxEcho() {}

    static Endpoint start() {
        Vertx vertx = VertxLoop.open();
        NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(Endpoint.BACKLOG);
        NetServer server = vertx.createNetServer(options).connectHandler(VertxEcho::serve);
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        VertxLoop.await(server.listen(0, host));
        return new Endpoint(server.actualPort(), () -> VertxLoop.await(vertx.close()));
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
