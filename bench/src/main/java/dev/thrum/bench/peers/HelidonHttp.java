package dev.thrum.bench.peers;

import dev.thrum.bench.load.Greeting;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;

/** HTTP on Helidon SE: a virtual thread for each connection. */
final class HelidonHttp {
    private static final Header TEXT_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Greeting.TEXT_TYPE);
    private static final Header JSON_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Greeting.JSON_TYPE);

    private static final int WRITES = 8_192;

    private final byte[] text = Greeting.text();

    private HelidonHttp() {}

    /**
     * The thread of the connection writes each response, which is Helidon's default, and better for one request at a
     * time.
     */
    static Endpoint direct() {
        return start(WebServer.builder());
    }

    /** Responses are queued for a second thread when several are pending: a third of the CPU for pipelined requests. */
    static Endpoint queued() {
        return start(WebServer.builder().writeQueueLength(WRITES).smartAsyncWrites(true));
    }

    private static Endpoint start(WebServerConfig.Builder builder) {
        HelidonHttp greeter = new HelidonHttp();
        HttpRouting.Builder routing =
                HttpRouting.builder().get(Greeting.TEXT_PATH, greeter::text).get(Greeting.JSON_PATH, HelidonHttp::json);
        WebServer server = builder.address(InetAddress.getLoopbackAddress())
                .port(0)
                .backlog(Endpoint.BACKLOG)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .shutdownHook(false)
                .addRouting(routing)
                .build()
                .start();
        return new Endpoint(server.port(), server::stop);
    }

    private void text(ServerRequest request, ServerResponse response) {
        response.header(TEXT_TYPE).send(text);
    }

    private static void json(ServerRequest request, ServerResponse response) {
        response.header(JSON_TYPE).send(Greeting.json());
    }
}
