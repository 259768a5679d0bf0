package dev.thrum.bench.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thrum.bench.load.Greeting;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTP on the JDK's own server, with a virtual thread for each request. */
final class JdkHttp {
    private static final int OK = 200;

    /** With more connections than this, the server closes idle ones. */
    private static final int IDLE_CONNECTIONS = 20_000;

    private final byte[] text = Greeting.text();

    private JdkHttp() {}

    /** The server reads its settings from system properties, when the first server is created. */
    static Endpoint start() throws IOException {
        var _ = System.setProperty("sun.net.httpserver.nodelay", "true");
        var _ = System.setProperty("sun.net.httpserver.maxIdleConnections", Integer.toString(IDLE_CONNECTIONS));
        JdkHttp greeter = new JdkHttp();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = HttpServer.create(address, Endpoint.BACKLOG);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        var _ = server.createContext(
                Greeting.TEXT_PATH, exchange -> answer(exchange, Greeting.TEXT_TYPE, greeter.text));
        var _ = server.createContext(
                Greeting.JSON_PATH, exchange -> answer(exchange, Greeting.JSON_TYPE, Greeting.json()));
        server.start();
        return new Endpoint(server.getAddress().getPort(), () -> {
            server.stop(0);
            threads.close();
        });
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(OK, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
