package dev.thrum.services.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.thrum.base.AddressText;
import dev.thrum.base.Rfc3339;
import dev.thrum.engine.ConnectionInfo;
import dev.thrum.engine.Engine;
import dev.thrum.engine.TlsInfo;
import dev.thrum.http.HtmlPage;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.server.Router;
import dev.thrum.log.RequestLog;
import dev.thrum.services.data.Data;
import dev.thrum.services.web.Endpoint;
import dev.thrum.services.web.EndpointPage;
import dev.thrum.services.web.Favicon;
import dev.thrum.services.web.Json;
import dev.thrum.services.web.StoreFaults;
import dev.thrum.services.web.WebConfig;
import dev.thrum.store.Heartbeat;
import dev.thrum.work.BackgroundServices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The operator's port: health, metrics and the state of the server; only on the loopback address. */
public final class Admin {
    private static final String WELCOME = "Thrum: the operator's port";

    private static final List<Endpoint> ENDPOINTS = List.of(
            Endpoint.get("/health/live", "200 while the program runs."),
            Endpoint.get(
                    "/health/ready",
                    "200 while new clients are welcome, 503 while the server drains or its database can't work."),
            Endpoint.get("/metrics", "All metrics, for Prometheus."),
            Endpoint.get("/debug/connections", "The connections, with protocol and suite of those that are encrypted."),
            Endpoint.get(
                    "/debug/threads",
                    "What the threads do, who waits for which lock, blocked loops, full queues; thrum doctor sums it up."),
            Endpoint.get("/debug/background", "The background jobs: heartbeat, cleanup, monitor, backup."),
            Endpoint.get("/debug/servers", "The programs that use this database."));

    private static final EndpointPage PAGE = new EndpointPage(
            WELCOME,
            "Health, metrics and what the server is doing; only for this machine.",
            List.of(new Endpoint.Group("Endpoints", "", ENDPOINTS)),
            "");

    private final Engine watched;
    private final Metrics metrics;
    private final BooleanSupplier ready;
    private final @Nullable Data data;
    private final Diagnoser diagnoser;

    /**
     * The pages.
     *
     * @param watched the engine that serves the clients; the pages must be served by another one
     * @param ready whether the server accepts clients, and does not drain
     * @param data of the services, if they have any
     * @param log of the requests, if there is one
     */
    public Admin(
            Engine watched, Metrics metrics, BooleanSupplier ready, @Nullable Data data, @Nullable RequestLog log) {
        this.watched = watched;
        this.metrics = metrics;
        this.ready = ready;
        this.data = data;
        this.diagnoser = new Diagnoser(watched, data, log);
    }

    private record Connection(
            long number,
            String side,
            String engine,
            String peer,
            double ageSeconds,
            long bytesIn,
            long bytesOut,
            @JsonUnwrapped Wait waits,
            Messages messages,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Encryption tls) {
        private record Wait(String waitingFor, double waitingSeconds) {}

        private record Messages(int waiting, long dropped, double oldestSeconds) {}

        private record Encryption(
                String protocol,
                String cipherSuite,
                @Nullable String applicationProtocol,
                @Nullable String serverName,
                List<String> peerCertificates) {
            static Encryption of(TlsInfo info) {
                return new Encryption(
                        info.protocol(),
                        info.cipherSuite(),
                        info.applicationProtocol().orElse(null),
                        info.serverName().orElse(null),
                        info.peerCertificates().stream()
                                .map(certificate ->
                                        certificate.getSubjectX500Principal().getName())
                                .toList());
            }
        }

        static Connection of(ConnectionInfo info) {
            return new Connection(
                    info.number(),
                    lower(info.side()),
                    info.engine(),
                    AddressText.of(info.peer()),
                    info.age().toMillis() / 1e3,
                    info.bytesIn(),
                    info.bytesOut(),
                    new Wait(lower(info.waitingFor()), info.waits().time().toMillis() / 1e3),
                    new Messages(
                            info.messages().waiting(),
                            info.messages().dropped(),
                            info.messages().oldest().toMillis() / 1e3),
                    info.tls().map(Encryption::of).orElse(null));
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

    private record Home(String message, Map<String, String> endpoints) {}

    private static Response home(Request request) {
        if (Json.isBrowser(request)) {
            return PAGE.response(request).with("Vary", "Accept");
        }
        Map<String, String> endpoints = new LinkedHashMap<>();
        ENDPOINTS.forEach(endpoint -> endpoints.put(endpoint.target(), endpoint.method() + ": " + endpoint.text()));
        return Json.response(200, new Home(WELCOME, endpoints));
    }

    public HttpHandler handler() {
        return Router.builder()
                .get("/", Admin::home)
                .get(Favicon.PATH, request -> HtmlPage.icon())
                .get("/health/live", request -> Json.response(request, 200, Map.of("status", "live")))
                .get("/health/ready", this::ready)
                .get("/metrics", request -> Response.of(200, Metrics.TYPE, metrics.scrape()))
                .get("/debug/connections", request -> Json.response(request, 200, connections()))
                .get("/debug/threads", this::threads)
                .get("/debug/background", request -> Json.response(request, 200, background()))
                .get("/debug/servers", request -> Json.response(request, 200, servers()))
                .build()
                .behind(new StoreFaults())
                .behind(WebConfig.localHostCheck());
    }

    private Response ready(Request request) {
        Optional<String> fault = fault();
        String status = status(fault);
        if (fault.isPresent() && status.equals("database")) {
            return Json.response(request, 503, Map.of("status", status, "fault", fault.get()));
        }
        return Json.response(request, status.equals("ready") ? 200 : 503, Map.of("status", status));
    }

    private Optional<String> fault() {
        return data == null ? Optional.empty() : data.fault();
    }

    private String status(Optional<String> fault) {
        if (!ready.getAsBoolean()) {
            return "draining";
        }
        return fault.isPresent() ? "database" : "ready";
    }

    /** The stacks of many threads take a while, which delays nobody on a thread of the pool. */
    private Response threads(Request request) throws Exception {
        String status = status(fault());
        return request.offload(() -> {
            Diagnosis diagnosis = diagnoser.diagnose(status);
            return Json.isBrowser(request) ? new DiagnosisPage(diagnosis).response() : Json.response(200, diagnosis);
        });
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
