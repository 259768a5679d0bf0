package dev.thrum.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.base.Clock;
import dev.thrum.http.Acceptance;
import dev.thrum.http.Gzip;
import dev.thrum.http.HttpFilter;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The web service: time and echo as JSON, its other parts, and a page that says so to browsers. */
final class Web {
    private static final String WELCOME = "Welcome to the Thrum API";
    private static final String DEFAULT_MESSAGE = "Hello";

    private final Clock clock;
    private final CTime time;
    private final Response page;
    private final List<Routes> parts;

    /** Creates the service with these parts beside its own. */
    Web(Clock clock, ZoneId zone, List<Routes> parts) {
        this.clock = clock;
        this.time = new CTime(zone);
        this.parts = parts;
        this.page = Response.of(200, "text/html; charset=utf-8", page(parts))
                .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    }

    private record Home(String message, Map<String, String> endpoints) {}

    private record Time(BigDecimal timestamp, String datetime) {}

    private record Echo(String echo, BigDecimal timestamp) {}

    private record PostedEcho(String echo, String method, BigDecimal timestamp) {}

    /** Serves the routes behind this check of the host that was asked for. */
    HttpHandler handler(HttpFilter hostCheck) {
        Router.Builder routes = Router.builder()
                .get("/", this::home)
                .get("/time", request -> time())
                .get("/echo", this::echo)
                .post("/echo", this::postedEcho);
        parts.forEach(part -> part.addTo(routes));
        return routes.build().behind(new StoreFaults()).behind(hostCheck).behind(new Gzip());
    }

    private Response home(Request request) {
        Response answer = wantsPage(request) ? page : Json.answer(200, new Home(WELCOME, endpoints()));
        return answer.with("Vary", "Accept");
    }

    /** Browsers name it, programs say that they take anything. */
    private static boolean wantsPage(Request request) {
        return Acceptance.of(request.headers()).names("text/html", Json.TYPE);
    }

    private Map<String, String> endpoints() {
        Map<String, String> endpoints = new LinkedHashMap<>();
        endpoints.put("/time", "GET: the current time");
        endpoints.put("/echo", "GET ?message=... or POST {\"message\":\"...\"}: the message");
        parts.forEach(part -> endpoints.putAll(part.endpoints()));
        return endpoints;
    }

    private Response time() {
        Instant now = clock.instant();
        return Json.answer(200, new Time(timestamp(now), time.format(now)));
    }

    private Response echo(Request request) {
        String message = request.parameter("message").orElse(DEFAULT_MESSAGE);
        return Json.answer(200, new Echo(message, timestamp(clock.instant())));
    }

    private Response postedEcho(Request request) throws Exception {
        JsonFields fields = Json.read(request);
        String message = fields.text("message");
        fields.requireNoMore();
        PostedEcho echo = new PostedEcho(message, "POST", timestamp(clock.instant()));
        return message.length() > Json.LONG ? request.offload(() -> Json.answer(200, echo)) : Json.answer(200, echo);
    }

    /** Seconds since 1970, with milliseconds. */
    private static BigDecimal timestamp(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    private static byte[] page(List<Routes> parts) {
        String rows = parts.stream().map(Routes::rows).collect(Collectors.joining());
        return new String(resource("index.html"), UTF_8)
                .replace("<!-- parts -->", rows)
                .getBytes(UTF_8);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Web.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("expected the resource " + name + " in the program's jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
