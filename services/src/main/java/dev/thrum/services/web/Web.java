package dev.thrum.services.web;

import dev.thrum.base.Clock;
import dev.thrum.http.Gzip;
import dev.thrum.http.HtmlPage;
import dev.thrum.http.HttpFilter;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.server.Router;
import dev.thrum.services.CTime;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The web service: time and echo as JSON, further parts, and a page for browsers that lists the endpoints. */
public final class Web {
    private static final String WELCOME = "Welcome to the Thrum API";
    private static final String DEFAULT_MESSAGE = "Hello";

    private static final Endpoint.Group OWN = new Endpoint.Group(
            "Time and echo",
            "",
            List.of(
                    Endpoint.get("/time", "The current time."),
                    Endpoint.get("/echo?message=Hi", "The message."),
                    Endpoint.post("/echo", "{\"message\":\"Hi\"}", "The message, which may be longer here.")));

    private static final String FORM = """
            <section class="card" aria-labelledby="try">
            <h2 id="try">Try it</h2>
            <form action="/echo" method="get">
            <label for="message">A message to echo</label>
            <input id="message" name="message" value="Hi"> <button>Echo</button>
            </form>
            </section>
            """;

    private final Clock clock;
    private final CTime time;
    private final EndpointPage page;
    private final List<Routes> parts;

    /** Creates the service with these parts in addition to its own. */
    public Web(Clock clock, ZoneId zone, List<Routes> parts) {
        this.clock = clock;
        this.time = new CTime(zone);
        this.parts = parts;
        List<Endpoint.Group> groups = new ArrayList<>(List.of(OWN));
        parts.forEach(part -> groups.add(part.group()));
        this.page = new EndpointPage(
                WELCOME,
                "Every response is JSON, indented when a browser asks. The lines that begin with curl are for a shell.",
                groups,
                FORM);
    }

    private record Home(String message, Map<String, String> endpoints) {}

    private record Time(BigDecimal timestamp, String datetime) {}

    private record Echo(String echo, BigDecimal timestamp) {}

    private record PostedEcho(String echo, String method, BigDecimal timestamp) {}

    /** A handler for the routes, after this check of the requested host. */
    public HttpHandler handler(HttpFilter hostCheck) {
        Router.Builder routes = Router.builder()
                .get("/", this::home)
                .get(Favicon.PATH, request -> HtmlPage.icon())
                .get("/time", this::time)
                .get("/echo", this::echo)
                .post("/echo", this::postedEcho);
        parts.forEach(part -> part.addTo(routes));
        return routes.build().behind(new StoreFaults()).behind(hostCheck).behind(new Gzip());
    }

    private Response home(Request request) {
        return Json.isBrowser(request)
                ? page.response(request).with("Vary", "Accept")
                : Json.response(200, new Home(WELCOME, endpoints()));
    }

    private Map<String, String> endpoints() {
        Map<String, String> endpoints = new LinkedHashMap<>();
        endpoints.put("/time", "GET: the current time");
        endpoints.put("/echo", "GET ?message=... or POST {\"message\":\"...\"}: the message");
        parts.forEach(part -> endpoints.putAll(part.endpoints()));
        return endpoints;
    }

    private Response time(Request request) {
        Instant now = clock.instant();
        return Json.response(request, 200, new Time(timestamp(now), time.format(now)));
    }

    private Response echo(Request request) {
        String message = request.parameter("message").orElse(DEFAULT_MESSAGE);
        return Json.response(request, 200, new Echo(message, timestamp(clock.instant())));
    }

    private Response postedEcho(Request request) throws Exception {
        JsonFields fields = Json.read(request);
        String message = fields.text("message");
        fields.requireNoMore();
        PostedEcho echo = new PostedEcho(message, "POST", timestamp(clock.instant()));
        return message.length() > Json.LONG
                ? request.offload(() -> Json.response(request, 200, echo))
                : Json.response(request, 200, echo);
    }

    /** Seconds since 1970, with milliseconds. */
    private static BigDecimal timestamp(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }
}
