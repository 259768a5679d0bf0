package dev.thrum.bench.peers;

import dev.thrum.bench.load.Greeting;
import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.Encryption;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.RequestStats;
import dev.thrum.http.server.Router;
import java.io.IOException;

/** HTTP on an engine of Thrum, with router, metrics, limits and deadlines. */
final class ThrumHttp {
    private ThrumHttp() {}

    static Endpoint start(Engine engine, int connections) throws IOException {
        return start(engine, HttpConfig.defaults(), connections);
    }

    /** The same, with a configuration of the server. */
    static Endpoint start(Engine engine, HttpConfig config, int connections) throws IOException {
        return Engines.serve(engine, HttpServer.over(greeter(), config.withObserver(new RequestStats())), connections);
    }

    /** The same with the defaults, over encrypted connections. */
    static Endpoint start(Engine engine, Encryption.Server encryption, int connections) throws IOException {
        HttpConfig config = HttpConfig.defaults().withObserver(new RequestStats());
        return Engines.serve(engine, HttpServer.over(greeter(), config), connections, encryption);
    }

    private static HttpHandler greeter() {
        byte[] bulk = Greeting.bulk();
        return Router.builder()
                .get(Greeting.TEXT_PATH, _ -> Response.of(200, Greeting.TEXT_TYPE, Greeting.TEXT))
                .get(Greeting.BULK_PATH, _ -> Response.of(200, Greeting.TEXT_TYPE, bulk))
                .get(Greeting.JSON_PATH, _ -> Response.of(200, Greeting.JSON_TYPE, Greeting.json()))
                .build();
    }
}
