package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.engine.Connection;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Thrum's server, which sends each body back and records the connections of requests. */
final class Echo {
    private final Set<Long> connections = ConcurrentHashMap.newKeySet();

    URI serveIn(World world) throws IOException {
        HttpServer server = HttpServer.over(
                request -> Response.of(
                        200, "application/octet-stream", request.body().readAllBytes()),
                HttpConfig.defaults());
        return world.serve((Connection connection) -> {
            connections.add(connection.number());
            server.handle(connection);
        });
    }

    int connections() {
        return connections.size();
    }

    static String text(HttpClient client, ClientRequest request) throws IOException {
        try (ClientResponse response = client.send(request)) {
            return response.text();
        }
    }

    static ClientRequest post(URI uri, String body) {
        return ClientRequest.post(uri, "text/plain", body.getBytes(UTF_8));
    }
}
