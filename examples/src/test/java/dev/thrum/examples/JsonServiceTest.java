package dev.thrum.examples;

import static dev.thrum.examples.World.send;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.examples.JsonService.Bounds;
import dev.thrum.examples.World.Got;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.testkit.LeakCheck;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON service, on every engine. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class JsonServiceTest {
    private static final int MOST = 400_000;
    private static final Bounds SMALL = new Bounds(MOST, 3, Duration.ofMillis(20));

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void upload_framedEitherWay_isDigestedAndRemembered(String kind) throws Exception {
        byte[] body = new byte[300_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) ((i * 31) >> 3);
        }
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        play(kind, (client, uri) -> {
            ClientRequest post = ClientRequest.of("POST", uri.resolve("/uploads"));
            for (ClientRequest request : List.of(
                    post.withBody(body),
                    post.withBody(new ByteArrayInputStream(body)),
                    post.withBody(new ByteArrayInputStream(body), body.length))) {
                Got got = send(client, request);
                assertThat(got.status()).isEqualTo(201);
                assertThat(got.text()).contains("\"bytes\":300000", "\"sha256\":\"" + sha256 + "\"");
                String location = got.response().header("Location").orElseThrow();
                assertThat(get(client, uri.resolve(location))).isEqualTo("200 " + got.text());
            }
            assertThat(get(client, uri.resolve("/uploads")))
                    .matches("200 \\[\\{\"id\":3,.*\"id\":2,.*\"id\":1,[^\\[]*\\]\n");
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void upload_overTheLimit_isRefusedAndNotRemembered(String kind) throws Exception {
        byte[] body = new byte[MOST + 1];
        play(kind, (client, uri) -> {
            ClientRequest post = ClientRequest.of("POST", uri.resolve("/uploads"));
            String refused = "413 {\"error\":\"Content too large: expected at most 400000 bytes\"}\n";
            assertThat(text(send(client, post.withBody(body)))).isEqualTo(refused);
            assertThat(text(send(client, post.withBody(new ByteArrayInputStream(body)))))
                    .isEqualTo(refused);
            assertThat(get(client, uri.resolve("/uploads"))).isEqualTo("200 []\n");
            assertThat(send(client, post.withBody(new byte[MOST])).status()).isEqualTo(201);
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void upload_whoseClientLeaves_isNotRemembered(String kind) throws Exception {
        World.play(kind, world -> {
            URI uri = world.serve(new JsonService(SMALL).handler());
            try (Connection client = world.connect(uri)) {
                client.writer().write("POST /uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
                client.writer().flush();
                client.shutdownOutput();
                assertThat(client.reader().readLine(1_000))
                        .hasValueSatisfying(line -> assertThat(line).startsWith("HTTP/1.1 400 "));
            }
            try (HttpClient client = world.client()) {
                assertThat(get(client, uri.resolve("/uploads"))).isEqualTo("200 []\n");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void oldestUpload_whenThereAreTooMany_isForgotten(String kind) throws Exception {
        play(kind, (client, uri) -> {
            for (int i = 0; i < 4; i++) {
                assertThat(send(client, ClientRequest.post(uri.resolve("/uploads"), "text/plain", new byte[i]))
                                .status())
                        .isEqualTo(201);
            }
            assertThat(get(client, uri.resolve("/uploads/1")))
                    .isEqualTo("404 {\"error\":\"There is no upload 1: GET /uploads lists those that there are\"}\n");
            assertThat(get(client, uri.resolve("/uploads/2"))).startsWith("200 {\"id\":2,\"bytes\":1,");
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void label_ofAnUpload_isReplaced(String kind) throws Exception {
        play(kind, (client, uri) -> {
            send(client, ClientRequest.post(uri.resolve("/uploads"), "text/plain", "hello".getBytes(UTF_8)));
            assertThat(label(client, uri, 1, "{\"label\":\"größer\"}"))
                    .startsWith("200 {\"id\":1,\"bytes\":5,")
                    .endsWith(",\"label\":\"größer\"}\n");
            assertThat(get(client, uri.resolve("/uploads/1"))).contains("größer");
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void request_thatIsWrong_getsAnErrorWithTheRemedy(String kind) throws Exception {
        Map<String, String> wrong = Map.of(
                "/ticks?count=x", "400 {\"error\":\"Expected a number from 0 to 3600\",\"field\":\"count\"}\n",
                "/ticks?count=3601", "400 {\"error\":\"Expected a number from 0 to 3600\",\"field\":\"count\"}\n",
                "/uploads/x", "400 {\"error\":\"Expected the number of an upload\",\"field\":\"id\"}\n",
                "/uploads/1", "404 {\"error\":\"There is no upload 1: GET /uploads lists those that there are\"}\n");
        String text = "{\"error\":\"Expected a text of at most 100 characters\",\"field\":\"label\"}\n";
        play(kind, (client, uri) -> {
            for (var each : wrong.entrySet()) {
                assertThat(get(client, uri.resolve(each.getKey()))).isEqualTo(each.getValue());
            }
            assertThat(get(client, uri.resolve("/nowhere"))).startsWith("404 {\"error\":");
            assertThat(label(client, uri, 1, "{\"label\":\"x\"}")).startsWith("404 ");
            send(client, ClientRequest.post(uri.resolve("/uploads"), "text/plain", new byte[1]));
            for (String body : List.of("null", "[]", "{}", "{\"label\":5}", "", text("x".repeat(101)))) {
                assertThat(label(client, uri, 1, body)).as(body).isEqualTo("400 " + text);
            }
            assertThat(label(client, uri, 1, "{\"label\":")).startsWith("400 {\"error\":\"Expected well-formed JSON");
            assertThat(label(client, uri, 1, text("x".repeat(10_000)))).startsWith("413 ");
            assertThat(send(
                                    client,
                                    ClientRequest.of("PUT", uri.resolve("/uploads/1/label"))
                                            .with("Content-Type", "text/plain")
                                            .withBody("{\"label\":\"x\"}".getBytes(UTF_8)))
                            .status())
                    .isEqualTo(415);
            assertThat(get(client, uri.resolve("/uploads/1"))).endsWith("\"label\":\"\"}\n");
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void ticks_always_arriveOneByOne(String kind) throws Exception {
        play(kind, (client, uri) -> {
            try (ClientResponse response = client.send(ClientRequest.get(uri.resolve("/ticks?count=3")))) {
                assertThat(response.header("Content-Type")).hasValue("application/x-ndjson");
                assertThat(response.header("Content-Length")).isEmpty();
                Instant before = Instant.MIN;
                for (int number = 1; number <= 3; number++) {
                    String tick = line(response);
                    assertThat(tick).startsWith("{\"number\":" + number + ",\"time\":\"");
                    Instant time = Instant.parse(tick.substring(tick.indexOf("time") + 7, tick.length() - 2));
                    assertThat(time).isAfter(before);
                    before = time;
                }
                assertThat(response.body().read()).isNegative();
            }
            assertThat(get(client, uri.resolve("/ticks?count=0"))).isEqualTo("200 ");
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void ticks_whoseClientLeaves_end(String kind) throws Exception {
        World.play(kind, world -> {
            var server = world.listen(new JsonService(new Bounds(MOST, 3, Duration.ofHours(1))).handler());
            try (Connection client = world.connect(server)) {
                client.writer().write("GET /ticks HTTP/1.1\r\nHost: localhost\r\n\r\n");
                client.writer().flush();
                for (String line = line(client); !line.startsWith("{\"number\":1,"); line = line(client)) {
                    assertThat(line).isNotEqualTo("<end>");
                }
                client.shutdownOutput();
                // The server notices, though the next tick is an hour away.
                assertThatThrownBy(() -> {
                            while (client.reader().read() >= 0) {
                                // The end of the line and of the chunk.
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
            assertThat(server.shutdown(Duration.ofSeconds(30))).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void host_ofAnotherSite_isRefused(String kind) throws Exception {
        World.play(kind, world -> {
            URI uri = world.serve(new JsonService(SMALL).handler());
            try (Connection client = world.connect(uri)) {
                client.writer().write("GET /uploads HTTP/1.1\r\nHost: example.org\r\n\r\n");
                client.writer().flush();
                assertThat(line(client)).startsWith("HTTP/1.1 421 ");
            }
        });
    }

    private interface Play {
        void act(HttpClient client, URI uri) throws Exception;
    }

    private static void play(String kind, Play play) throws Exception {
        World.play(kind, world -> {
            URI uri = world.serve(new JsonService(SMALL).handler());
            try (HttpClient client = world.client()) {
                play.act(client, uri);
            }
        });
    }

    private static String get(HttpClient client, URI uri) throws IOException {
        return text(send(client, ClientRequest.get(uri)));
    }

    private static String label(HttpClient client, URI uri, int id, String body) throws IOException {
        return text(send(
                client,
                ClientRequest.of("PUT", uri.resolve("/uploads/" + id + "/label"))
                        .with("Content-Type", "application/json")
                        .withBody(body.getBytes(UTF_8))));
    }

    private static String text(Got got) {
        return got.status() + " " + got.text();
    }

    private static String text(String label) {
        return "{\"label\":\"" + label + "\"}";
    }

    private static String line(ClientResponse response) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = response.body().read(); c != '\n'; c = response.body().read()) {
            assertThat(c).as("what follows %s", line).isNotNegative();
            line.append((char) c);
        }
        return line.toString();
    }

    private static String line(Connection client) throws IOException {
        return client.reader().readLine(10_000).orElse("<end>");
    }
}
