package dev.thrum.app;

import dev.thrum.engine.ConnectionInfo;
import dev.thrum.engine.Engine;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.Router;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The operator's port: health, metrics and what the server is doing; on the loopback address alone. */
final class Admin {
    private final Engine watched;
    private final Metrics metrics;
    private final BooleanSupplier ready;

    /**
     * The pages.
     *
     * @param watched the engine that serves the clients
     * @param ready whether new clients are welcome
     */
    Admin(Engine watched, Metrics metrics, BooleanSupplier ready) {
        this.watched = watched;
        this.metrics = metrics;
        this.ready = ready;
    }

    private record Connection(
            long number,
            String side,
            String engine,
            String peer,
            double ageSeconds,
            long bytesIn,
            long bytesOut,
            String waitingFor) {
        static Connection of(ConnectionInfo info) {
            return new Connection(
                    info.number(),
                    lower(info.side()),
                    info.engine(),
                    Addresses.text(info.peer()),
                    info.age().toMillis() / 1e3,
                    info.bytesIn(),
                    info.bytesOut(),
                    lower(info.waitingFor()));
        }

        private static String lower(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT);
        }
    }

    HttpHandler handler() {
        return Router.builder()
                .get("/", request -> Response.text("""
                        /health/live        200 while the program runs
                        /health/ready       200 while new clients are welcome, 503 while the server drains
                        /metrics            for Prometheus
                        /debug/connections  the connections, as JSON
                        """))
                .get("/health/live", request -> Json.answer(200, Map.of("status", "live")))
                .get("/health/ready", request -> ready())
                .get("/metrics", request -> Response.of(200, Metrics.TYPE, metrics.scrape()))
                .get("/debug/connections", request -> Json.answer(200, connections()))
                .build()
                .behind(WebConfig.localHostCheck());
    }

    private Response ready() {
        boolean welcome = ready.getAsBoolean();
        return Json.answer(welcome ? 200 : 503, Map.of("status", welcome ? "ready" : "draining"));
    }

    private List<Connection> connections() {
        return watched.connections().stream().map(Connection::of).toList();
    }
}
