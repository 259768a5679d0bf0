package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code thrum serve --db postgresql://...} as real processes, several of them with one database server. */
@Timeout(180)
final class PostgresIT {
    private static EmbeddedPostgres postgres;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    /** Starts a server on the database of this name; variables contain the rest of the address. */
    private static Child serve(String database, String... flags) throws IOException {
        Map<String, String> variables = new HashMap<>(Child.freePorts());
        variables.put("PGPORT", Integer.toString(postgres.getPort()));
        variables.put("PGUSER", "postgres");
        variables.put("THRUM_DB", "postgresql:///" + database);
        List<String> arguments = new ArrayList<>(List.of("serve"));
        arguments.addAll(List.of(flags));
        return Child.thrum(variables, arguments.toArray(String[]::new)).awaitServing();
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private HttpResponse<String> get(Child server, String service, String path) throws Exception {
        return client.send(request(server, service, path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(Child server, String path, String body, String key) throws Exception {
        HttpRequest request = request(server, "web", path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(Child server, String service, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port(service) + path))
                .timeout(Duration.ofSeconds(60));
    }

    @Test
    void servers_whenTheyShareADatabase_seeTheSame() throws Exception {
        execute("CREATE DATABASE shared");
        try (Child one = serve("shared");
                Child other = serve("shared", "--engine", "events");
                ExecutorService clients = Executors.newFixedThreadPool(8)) {
            assertThat(post(one, "/accounts", "{\"owner\":\"Ann\"}", "-").statusCode())
                    .isEqualTo(201);
            assertThat(post(other, "/accounts", "{\"owner\":\"Bob\"}", "-").body())
                    .startsWith("{\"id\":2,");
            List<Future<HttpResponse<String>>> responses = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Child server = i % 2 == 0 ? one : other;
                // Each key is sent twice at about the same time, to both servers.
                String key = "k" + i / 2;
                responses.add(clients.submit(() -> post(server, "/accounts/1/deposit", "{\"amount\":5}", key)));
            }
            for (Future<HttpResponse<String>> response : responses) {
                assertThat(response.get().statusCode())
                        .as("%s", response.get().body())
                        .isEqualTo(200);
            }
            assertThat(get(other, "web", "/accounts/1").body()).contains("\"balance\":500,");
            assertThat(get(one, "admin", "/debug/servers").body()).containsPattern("name.*name");
        }
    }

    private static @Nullable String ask(Peer client, String line) throws IOException {
        client.send(line + "\n");
        return client.line();
    }

    @Test
    void chat_whenServersShareADatabase_isOne_andAServerThatStopsTakesItsClientsOut() throws Exception {
        execute("CREATE DATABASE chats");
        try (Child one = serve("chats", "--chat", "0");
                Child other = serve("chats", "--chat", "0", "--web", "off", "--engine", "events", "--drain", "1s");
                Peer ann = new Peer(one.port("chat"))) {
            assertThat(ann.line()).isEqualTo("Welcome! You are guest-1.");
            assertThat(ask(ann, "join lobby")).isEqualTo("You joined lobby (1 here).");
            try (Peer bob = new Peer(other.port("chat"))) {
                assertThat(bob.line()).isEqualTo("Welcome! You are guest-2.");
                assertThat(ask(bob, "join lobby")).isEqualTo("You joined lobby (2 here).");
                assertThat(ann.line()).isEqualTo("* guest-2 joined");
                assertThat(ask(ann, "Hi!")).isEqualTo("guest-1: Hi!");
                assertThat(bob.line()).isEqualTo("guest-1: Hi!");
                other.signal("TERM");
                assertThat(other.awaitExit()).as("%s", other.err()).isZero();
            }
            assertThat(ann.line()).isEqualTo("* guest-2 disconnected");
            one.signal("TERM");
            assertThat(ask(ann, "still here?")).isEqualTo("guest-1: still here?");
        }
    }

    @Test
    void database_whileItRefusesConnections_isReportedAsUnavailable() throws Exception {
        execute("CREATE DATABASE away");
        try (Child server = serve("away")) {
            assertThat(get(server, "web", "/users").statusCode()).isEqualTo(200);
            execute("ALTER DATABASE away ALLOW_CONNECTIONS false");
            execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'away'");

            HttpResponse<String> away = get(server, "web", "/users");
            assertThat(away.statusCode()).isEqualTo(503);
            assertThat(away.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(away.body()).isEqualTo("{\"error\":\"The database is not available; nothing was done\"}");
            assertThat(get(server, "admin", "/health/ready").statusCode()).isEqualTo(503);
            assertThat(get(server, "web", "/time").statusCode()).isEqualTo(200);

            execute("ALTER DATABASE away ALLOW_CONNECTIONS true");
            assertThat(get(server, "web", "/users").statusCode()).isEqualTo(200);
            assertThat(get(server, "admin", "/health/ready").statusCode()).isEqualTo(200);
            server.awaitErr("the database works again: PostgreSQL postgres@localhost:");
        }
    }

    @Test
    void missingDatabase_isReportedAtStart() throws Exception {
        Map<String, String> variables = new HashMap<>(Child.freePorts());
        variables.put("THRUM_DB", "postgresql://postgres@localhost:" + postgres.getPort() + "/nowhere");
        try (Child server = Child.thrum(variables, "serve")) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.err())
                    .singleElement()
                    .asString()
                    .startsWith("thrum: cannot open PostgreSQL postgres@localhost:")
                    .contains("there is no such database: create it with createdb");
        }
    }
}
