package dev.thrum.services.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.server.RequestStats;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator's port, without a network. */
class AdminTest {
    private static final List<String> PATHS = List.of(
            "/health/live",
            "/health/ready",
            "/metrics",
            "/debug/connections",
            "/debug/threads",
            "/debug/background",
            "/debug/servers");

    private final Engine engine = Engine.virtual();
    private final HttpHandler admin =
            new Admin(engine, new Metrics(engine, new RequestStats(), List.of()), () -> true, null, null).handler();

    @AfterEach
    void close() {
        engine.close();
    }

    private Response get(String path, String accept) throws Exception {
        return admin.handle(
                Request.of("GET", path, Headers.of("Host", "localhost:9090").and("Accept", accept), new byte[0]));
    }

    private static String body(Response response) throws Exception {
        return new String(response.bodyBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void home_forPrograms_isAListOfAllEndpoints() throws Exception {
        Response home = get("/", "*/*");

        assertThat(home.headers().mediaType()).isEqualTo("application/json");
        assertThat(home.headers().elements("Vary")).contains("Accept");
        assertThat(body(home)).startsWith("{\"message\":\"Thrum").doesNotContain("\n");
        for (String path : PATHS) {
            assertThat(body(home)).contains("\"" + path + "\":\"GET: ");
        }
    }

    @Test
    void home_forBrowsers_isAPageWithALinkToEachEndpoint() throws Exception {
        Response home = get("/", "text/html");

        assertThat(home.headers().mediaType()).isEqualTo("text/html");
        assertThat(home.headers().elements("Vary")).contains("Accept");
        for (String path : PATHS) {
            assertThat(body(home)).contains("<a href=\"" + path + "\">", ">curl http://localhost:9090" + path + "<");
            assertThat(get(path, "text/html").status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void json_forBrowsers_isIndented() throws Exception {
        assertThat(body(get("/health/live", "text/html"))).isEqualTo("{\n  \"status\": \"live\"\n}\n");
        assertThat(body(get("/health/live", "*/*"))).isEqualTo("{\"status\":\"live\"}");
    }

    @Test
    void threads_forPrograms_areJson_andForBrowsersAPage() throws Exception {
        Response json = get("/debug/threads", "*/*");
        assertThat(json.headers().mediaType()).isEqualTo("application/json");
        assertThat(json.headers().elements("Vary")).contains("Accept");
        assertThat(body(json))
                .startsWith("{\"program\":\"Thrum\",\"status\":\"ready\",\"findings\":[")
                .contains("\"groups\":[{\"state\":\"", "threads_forPrograms_areJson_andForBrowsersAPage");

        Response page = get("/debug/threads", "text/html");
        assertThat(page.headers().mediaType()).isEqualTo("text/html");
        assertThat(page.headers().elements("Vary")).contains("Accept");
        assertThat(body(page)).contains("<h1>Threads</h1>", "Threads with equal stacks", "<details>");
    }

    @Test
    void favicon_isServed() throws Exception {
        assertThat(get("/favicon.ico", "image/*").headers().mediaType()).isEqualTo("image/svg+xml");
    }
}
