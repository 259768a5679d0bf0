package dev.thrum.bench;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.Router;
import dev.thrum.work.NamedLock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The main class of a server whose handler acquires two named locks, one within the other. It prints {@code ready PORT} and exits
 * at the end of its input.
 */
final class DiagnosedServer {
    private static final NamedLock OUTER = new NamedLock("outer");
    private static final NamedLock INNER = new NamedLock("inner");

    private DiagnosedServer() {}

    static void main() throws IOException {
        // Its threads keep it reachable.
        Server server = Engine.virtual()
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        HttpServer.over(
                                Router.builder()
                                        .get("/plaintext", request -> locked())
                                        .build(),
                                HttpConfig.defaults()),
                        Limits.defaults());
        System.out.println("ready " + server.address().getPort());
        while (System.in.read() >= 0) {
            // Nothing is asked.
        }
        Runtime.getRuntime().halt(0);
    }

    private static Response locked() {
        OUTER.lock();
        try {
            INNER.lock();
            try {
                return Response.of(200, "text/plain", "Hello, World!");
            } finally {
                INNER.unlock();
            }
        } finally {
            OUTER.unlock();
        }
    }
}
