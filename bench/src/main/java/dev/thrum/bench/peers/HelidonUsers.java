package dev.thrum.bench.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.thrum.bench.load.Greeting;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.sqlite.SQLiteConfig;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * The main class of a process that stores users as a conventional program does: Helidon SE, HikariCP, SQLite, and one
 * commit for each request. It exits at the end of its input.
 *
 * <p>It writes into the tables that Thrum has made, with the same guarantee: a response is sent when the row is on the
 * disk.
 */
public final class HelidonUsers {
    private static final Header JSON_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Greeting.JSON_TYPE);
    private static final String INSERT = "INSERT INTO users (name, email, created_at) VALUES (?, ?, ?) RETURNING id";
    private static final int BUSY_MILLIS = 10_000;

    /** HikariCP's default. SQLite lets one connection write at a time; a pool of one was no faster. */
    private static final int CONNECTIONS = 10;

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final HikariDataSource database;

    private HelidonUsers(HikariDataSource database) {
        this.database = database;
    }

    private record NewUser(String name, String email) {}

    private record User(long id, String name, String email, String created_at) {}

    /** Argument: the SQLite file. */
    public static void main(String[] arguments) throws IOException {
        Quiet.please();
        HelidonUsers users = new HelidonUsers(pool(Path.of(arguments[0])));
        WebServer server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(0)
                .backlog(Endpoint.BACKLOG)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .shutdownHook(false)
                .addRouting(HttpRouting.builder().post("/users", users::create))
                .build()
                .start();
        System.out.println("ready " + server.port());
        while (System.in.read() >= 0) {
            // It takes no commands.
        }
        Runtime.getRuntime().halt(0);
    }

    private static HikariDataSource pool(Path file) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        sqlite.setBusyTimeout(BUSY_MILLIS);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + file);
        config.setDataSourceProperties(sqlite.toProperties());
        config.setMaximumPoolSize(CONNECTIONS);
        return new HikariDataSource(config);
    }

    private void create(ServerRequest request, ServerResponse response) throws SQLException {
        NewUser asked;
        try {
            asked = MAPPER.readValue(request.content().as(byte[].class), NewUser.class);
        } catch (JacksonException e) {
            response.status(Status.BAD_REQUEST_400).send(String.valueOf(e.getOriginalMessage()));
            return;
        }
        if (asked.name().isBlank() || asked.email().indexOf('@') <= 0) {
            response.status(Status.BAD_REQUEST_400).send("expected a name and an address");
            return;
        }
        User user = insert(asked);
        response.status(Status.CREATED_201)
                .header(JSON_TYPE)
                .header(HeaderNames.LOCATION, "/users/" + user.id())
                .send(MAPPER.writeValueAsBytes(user));
    }

    private User insert(NewUser asked) throws SQLException {
        String now = TIME.format(Instant.now());
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, asked.name());
            statement.setString(2, asked.email());
            statement.setString(3, now);
            try (ResultSet results = statement.executeQuery()) {
                if (!results.next()) {
                    throw new SQLException("expected the number of the new user but there was none");
                }
                return new User(results.getLong(1), asked.name(), asked.email(), now);
            }
        }
    }
}
