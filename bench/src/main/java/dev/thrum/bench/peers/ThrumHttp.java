package dev.thrum.bench.peers;

import dev.thrum.bench.load.Greeting;
import dev.thrum.engine.Engine;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.RequestStats;
import dev.thrum.http.server.Router;
import java.io.IOException;

/** HTTP on an engine of Thrum, with its router, its metrics, and with limits and deadlines on. */
final class ThrumHttp {
    private ThrumHttp() {}

    static Endpoint start(Engine engine, int connections) throws IOException {
        return start(engine, HttpConfig.defaults(), connections);
    }

    /** The same, and what else the server is told. */
    static Endpoint start(Engine engine, HttpConfig config, int connections) throws IOException {
        HttpHandler handler = Router.builder()
                .get(Greeting.TEXT_PATH, _ -> Response.of(200, Greeting.TEXT_TYPE, Greeting.TEXT))
                .get(Greeting.JSON_PATH, _ -> Response.of(200, Greeting.JSON_TYPE, Greeting.json()))
                .build();
        return Engines.serve(engine, HttpServer.over(handler, config.withObserver(new RequestStats())), connections);
    }
}
