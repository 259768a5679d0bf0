package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The web service and the admin port of {@code thrum serve} as a real process, with the JDK's HTTP client. */
@Timeout(180)
final class WebIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Keeps its connections alive until it is closed. */
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return send(request(port, path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "threads", "events"})
    void everyRoute_answers(String engine) throws Exception {
        try (Child server = Child.serve("--engine", engine)) {
            int web = server.port("web");

            assertThat(get(web, "/").body()).startsWith("{\"message\":\"Welcome to the Thrum API\"");
            assertThat(get(web, "/time").body())
                    .matches("\\{\"timestamp\":\\d+(\\.\\d{1,3})?,\"datetime\":\"\\w{3} \\w{3} [ \\d]\\d .*\"}");
            assertThat(get(web, "/echo?message=Hi").body()).startsWith("{\"echo\":\"Hi\",\"timestamp\":");
            HttpResponse<String> posted = send(request(web, "/echo")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"message\":\"Hi\"}")));
            assertThat(posted.body()).startsWith("{\"echo\":\"Hi\",\"method\":\"POST\",\"timestamp\":");
            HttpResponse<String> wrong = send(request(web, "/echo")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("Hi")));
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.body()).startsWith("{\"error\":\"Invalid JSON");
            assertThat(get(web, "/nowhere").body()).isEqualTo("{\"error\":\"Not found\"}");
            assertThat(get(web, "/favicon.ico").statusCode()).isEqualTo(200);

            assertAdminPortAnswers(server.port("admin"), engine);
        }
    }

    private void assertAdminPortAnswers(int admin, String engine) throws Exception {
        assertThat(get(admin, "/health/live").body()).isEqualTo("{\"status\":\"live\"}");
        assertThat(get(admin, "/health/ready").statusCode()).isEqualTo(200);
        assertThat(get(admin, "/debug/connections").body())
                .startsWith("[{\"number\":")
                .contains("\"engine\":\"" + engine + "\"", "\"waitingFor\":\"exchange\"");
        assertThat(get(admin, "/metrics").body())
                .contains("http_server_requests_seconds_count{method=\"GET\",route=\"/time\",status=\"200\"} 1\n")
                .contains(
                        "http_server_requests_seconds_bucket{method=\"POST\",route=\"/echo\",status=\"400\",le=\"+Inf\"} 1\n")
                .contains("http_server_requests_seconds_count{method=\"GET\",route=\"\",status=\"404\"} 1\n")
                .containsPattern("thrum_connections\\{engine=\"" + engine + "\"} 1\\.0\n")
                .containsPattern("thrum_bytes_sent_total\\{engine=\"" + engine + "\"} [1-9]")
                .containsPattern("thrum_outbox_waiting\\{engine=\"" + engine + "\"} 0\\.0\n")
                .containsPattern("thrum_outbox_dropped_total\\{engine=\"" + engine + "\"} 0\\.0\n")
                .containsPattern("thrum_outbox_disconnected_total\\{engine=\"" + engine + "\"} 0\\.0\n")
                .containsPattern("thrum_loop_lag_seconds\\{engine=\"" + engine + "\"} [0-9.E-]+\n")
                .contains("jvm_memory_used_bytes{");
    }

    @Test
    void requestsInFlightFinish_andIdleConnectionsEnd_whenSignalled() throws Exception {
        try (Child server = Child.serve("--drain", "60s");
                Peer half = new Peer(server.port("web"));
                Peer idle = new Peer(server.port("web"))) {
            idle.send("GET /time HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(idle.line()).isEqualTo("HTTP/1.1 200 OK");
            half.send("""
                    POST /echo HTTP/1.1
                    Host: localhost
                    Content-Type: application/json
                    Content-Length: 16
                    Expect: 100-continue

                    """.replace("\n", "\r\n"));
            assertThat(half.line()).isEqualTo("HTTP/1.1 100 Continue");

            server.signal("TERM");
            server.awaitErr("draining");
            HttpResponse<String> ready = get(server.port("admin"), "/health/ready");
            while (ready.statusCode() == 200) {
                ready = get(server.port("admin"), "/health/ready");
            }
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).isEqualTo("{\"status\":\"draining\"}");
            String line = idle.line();
            while (line != null) {
                assertThat(line).doesNotContainIgnoringCase("connection:");
                line = idle.line();
            }

            half.send("{\"message\":\"Hi\"}");
            assertThat(half.line()).isEmpty();
            assertThat(half.line()).isEqualTo("HTTP/1.1 200 OK");
            StringBuilder rest = new StringBuilder();
            for (String next = half.line(); next != null; next = half.line()) {
                rest.append(next).append('\n');
            }
            assertThat(rest).contains("Connection: close\n").contains("{\"echo\":\"Hi\",\"method\":\"POST\"");
            assertThat(server.awaitExit()).isZero();
            assertThat(server.err()).noneMatch(text -> text.contains("were aborted"));
        }
    }

    @Test
    void otherHosts_areRefusedUnlessNamed() throws Exception {
        try (Child server = Child.serve("--host", "api.example,localhost.example")) {
            assertThat(statusFor(server, "api.example")).isEqualTo("HTTP/1.1 200 OK");
            assertThat(statusFor(server, "API.example:80")).isEqualTo("HTTP/1.1 200 OK");
            assertThat(statusFor(server, "[::1]:8080")).isEqualTo("HTTP/1.1 200 OK");
            assertThat(statusFor(server, "evil.example")).isEqualTo("HTTP/1.1 421 Misdirected Request");
        }
    }

    private static String statusFor(Child server, String host) throws IOException {
        try (Peer peer = new Peer(server.port("web"))) {
            peer.send("GET /time HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            return String.valueOf(peer.line());
        }
    }
}
