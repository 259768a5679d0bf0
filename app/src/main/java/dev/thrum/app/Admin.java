package dev.thrum.app;

import dev.thrum.engine.ConnectionInfo;
import dev.thrum.engine.Engine;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.Router;
import dev.thrum.store.Heartbeat;
import dev.thrum.store.Rfc3339;
import dev.thrum.work.BackgroundServices;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The operator's port: health, metrics and what the server is doing; on the loopback address alone. */
final class Admin {
    private final Engine watched;
    private final Metrics metrics;
    private final BooleanSupplier ready;
    private final @Nullable Data data;

    /**
     * The pages.
     *
     * @param watched the engine that serves the clients
     * @param ready whether the server does not drain
     * @param data of the services, if they have any
     */
    Admin(Engine watched, Metrics metrics, BooleanSupplier ready, @Nullable Data data) {
        this.watched = watched;
        this.metrics = metrics;
        this.ready = ready;
        this.data = data;
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

    private record Background(
            String name,
            double periodSeconds,
            long runs,
            long failures,
            @Nullable String runningSince,
            @Nullable String last,
            double lastSeconds,
            @Nullable String said,
            @Nullable String next) {
        static Background of(BackgroundServices.Report report) {
            return new Background(
                    report.name(),
                    report.period().toMillis() / 1e3,
                    report.runs(),
                    report.failures(),
                    report.runningSince().map(Rfc3339::text).orElse(null),
                    report.last().map(run -> Rfc3339.text(run.begun())).orElse(null),
                    report.last().map(run -> run.took().toMillis() / 1e3).orElse(0.0),
                    report.last().map(BackgroundServices.Run::said).orElse(null),
                    report.next().map(Rfc3339::text).orElse(null));
        }
    }

    private record Server(String name, String started, String last) {
        static Server of(Heartbeat.Seen seen) {
            return new Server(seen.name(), Rfc3339.text(seen.started()), Rfc3339.text(seen.last()));
        }
    }

    HttpHandler handler() {
        return Router.builder()
                .get("/", request -> Response.text("""
                        /health/live        200 while the program runs
                        /health/ready       200 while new clients are welcome, 503 while the server drains or has no database
                        /metrics            for Prometheus
                        /debug/connections  the connections, as JSON
                        /debug/background   what goes on beside: heartbeat, cleanup, monitor, backup
                        /debug/servers      the programs that use this database
                        """))
                .get("/health/live", request -> Json.answer(200, Map.of("status", "live")))
                .get("/health/ready", request -> ready())
                .get("/metrics", request -> Response.of(200, Metrics.TYPE, metrics.scrape()))
                .get("/debug/connections", request -> Json.answer(200, connections()))
                .get("/debug/background", request -> Json.answer(200, background()))
                .get("/debug/servers", request -> Json.answer(200, servers()))
                .build()
                .behind(new StoreFaults())
                .behind(WebConfig.localHostCheck());
    }

    private Response ready() {
        String status = ready.getAsBoolean() ? "ready" : "draining";
        Optional<String> fault = data == null ? Optional.empty() : data.fault();
        if (fault.isPresent() && status.equals("ready")) {
            return Json.answer(503, Map.of("status", "database", "fault", fault.get()));
        }
        return Json.answer(status.equals("ready") ? 200 : 503, Map.of("status", status));
    }

    private List<Background> background() {
        return data == null
                ? List.of()
                : data.background().stream().map(Background::of).toList();
    }

    private List<Server> servers() throws InterruptedException {
        return data == null
                ? List.of()
                : data.servers().stream().map(Server::of).toList();
    }

    private List<Connection> connections() {
        return watched.connections().stream().map(Connection::of).toList();
    }
}
