package dev.thrum.database;

import static dev.thrum.database.Waits.failure;
import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.database.DatabaseException.Reason;
import dev.thrum.store.StoreSchema;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.LogCapture;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How a database on PostgreSQL behaves and what it reports when the server fails. */
@ExtendWith({PostgresServer.class, LeakCheck.class})
final class PostgresFaultsTest {
    private static final Duration QUICK = Duration.ofSeconds(10);

    private static CompletableFuture<Integer> insert(Database database, String email) {
        return database.update("INSERT INTO users (name, email, created_at) VALUES ('n', ?, ?)", email, Instant.EPOCH);
    }

    private static DatabaseException openingFails(String url) {
        return catchThrowableOfType(
                DatabaseException.class,
                () -> StoreSchema.open(DatabaseConfig.of(Source.postgresql(url, Map.of())))
                        .close());
    }

    private static EmbeddedPostgres server(Path data, int port) throws IOException {
        var builder = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setDataDirectory(data)
                .setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    @Test
    void callsFailQuickly_whileTheServerIsStopped_andWorkWhenItRunsAgain(@TempDir Path folder) throws IOException {
        EmbeddedPostgres server = server(folder.resolve("data"), 0);
        int port = server.getPort();
        LogCapture log = new LogCapture(Database.class);
        try (log;
                Database database = StoreSchema.open(DatabaseConfig.of(PostgresServer.source(port, "postgres"))
                        .withThreads(2))) {
            get(insert(database, "before"));
            server.close();

            // A broken connection may be noticed only when a statement is sent over it.
            Waits.until(
                    "the stop is noticed",
                    () -> database.fault().isPresent()
                            || insert(database, "lost?").isDone());
            Waits.until(
                    "calls fail", () -> Waits.outcome(insert(database, "lost?")).isPresent());
            long begun = System.nanoTime();
            DatabaseException read = failure(database.query("SELECT 1", row -> 1));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(QUICK);
            assertThat(read.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(read).hasMessageContaining("check that it runs").hasMessageContaining("localhost:" + port);
            assertThat(database.fault()).isPresent();
            server = server(folder.resolve("data"), port);

            assertThat(get(insert(database, "after"))).isEqualTo(1);
            assertThat(get(database.query("SELECT email FROM users ORDER BY id", row -> row.text(1))))
                    .containsExactly("before", "after");
            assertThat(database.fault()).isEmpty();
            assertThat(log.records())
                    .filteredOn(logged -> logged.getMessage().contains("can't work"))
                    .as("log entries about the fault")
                    .hasSize(1);
        } finally {
            server.close();
        }
    }

    @Test
    void databaseInAnotherEncoding_isRefusedAtStart() throws SQLException {
        String name = PostgresServer.latinDatabase();

        assertThat(openingFails("postgresql://postgres@localhost:" + PostgresServer.port() + "/" + name))
                .hasMessageContaining("its encoding is LATIN1: make another with createdb --encoding=UTF8");
        try (var connection = PostgresServer.plain(name);
                var statement = connection.createStatement();
                var tables = statement.executeQuery("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'")) {
            tables.next();
            assertThat(tables.getLong(1)).as("number of tables created").isZero();
        }
    }

    @Test
    void writeIsInDoubt_whenItsConnectionBreaks_andTheNextCallWorks() {
        String name = PostgresServer.newDatabase();
        try (Database database = StoreSchema.open(DatabaseConfig.of(PostgresServer.source(PostgresServer.port(), name))
                .withThreads(2))) {
            DatabaseException inUpdate = failure(database.update("SELECT pg_terminate_backend(pg_backend_pid())"));
            DatabaseException inTransaction = failure(database.transaction(
                    session -> session.query("SELECT pg_terminate_backend(pg_backend_pid())", row -> row.number(1))));

            assertThat(inUpdate.reason()).isEqualTo(Reason.UNKNOWN);
            assertThat(inTransaction.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(get(insert(database, "after"))).isEqualTo(1);
            assertThat(database.fault()).isEmpty();
        }
    }

    @Test
    void connectionsAreReplaced_whenTheServerEndedThemWhileTheyWereIdle() {
        String name = PostgresServer.newDatabase();
        Source source = PostgresServer.source(PostgresServer.port(), name);
        try (Database database = StoreSchema.open(DatabaseConfig.of(source).withThreads(1));
                Database other = StoreSchema.open(DatabaseConfig.of(source).withThreads(1))) {
            get(database.query("SELECT 1", row -> 1));
            get(other.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ? AND pid <> pg_backend_pid()",
                    row -> 1,
                    name));

            assertThat(get(database.query("SELECT 7", row -> row.number(1)))).containsExactly(7L);
            CompletableFuture<Integer> made = database.transaction(
                    session -> session.update("INSERT INTO users (name, email, created_at) VALUES ('n', 'e', now())"));
            assertThat(get(made)).isEqualTo(1);
        }
    }

    @Test
    void transactionsAreRunAgain_whenTheyConflict_andEachTakesEffectOnce() {
        String name = PostgresServer.newDatabase();
        try (Database database = StoreSchema.open(DatabaseConfig.of(PostgresServer.source(PostgresServer.port(), name))
                .withDeadline(Duration.ofSeconds(30)))) {
            get(insert(database, "0"));
            CountDownLatch together = new CountDownLatch(2);
            List<CompletableFuture<Integer>> calls = List.of(
                    database.transaction(session -> increment(session, together)),
                    database.transaction(session -> increment(session, together)));
            calls.forEach(call -> assertThat(get(call)).isEqualTo(1));

            assertThat(get(database.query("SELECT email FROM users", row -> row.text(1))))
                    .containsExactly("2");
            assertThat(database.stats().retries()).isPositive();
        }
    }

    private static int increment(Session session, CountDownLatch together) throws SQLException {
        long seen = Long.parseLong(
                session.query("SELECT email FROM users", row -> row.text(1)).getFirst());
        together.countDown();
        Waits.await(together);
        return session.update("UPDATE users SET email = ?", String.valueOf(seen + 1));
    }

    @Test
    void openingEndsInTime_whenTheServerAcceptsConnectionsButSendsNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long begun = System.nanoTime();
            DatabaseException failure = openingFails("postgresql://u@localhost:" + silent.getLocalPort() + "/db");

            assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("the server can't be reached");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(QUICK);
        }
    }

    @Test
    void callsEndAtTheirDeadline_whenTheServerIsReplacedByASilentOne_andNoThreadIsLeft(@TempDir Path folder)
            throws IOException {
        EmbeddedPostgres server = server(folder.resolve("data"), 0);
        int port = server.getPort();
        try (Database database = StoreSchema.open(DatabaseConfig.of(PostgresServer.source(port, "postgres"))
                .withThreads(1)
                .withDeadline(Duration.ofSeconds(1)))) {
            server.close();
            try (ServerSocket silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
                List<CompletableFuture<Integer>> calls =
                        List.of(insert(database, "a"), insert(database, "b"), insert(database, "c"));
                long begun = System.nanoTime();
                assertThat(calls)
                        .allSatisfy(
                                call -> assertThat(failure(call).reason()).isIn(Reason.EXPIRED, Reason.UNAVAILABLE));
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(QUICK);
                assertThat(silent.isClosed()).isFalse();
            }
        }
    }

    @Test
    void openingFailsWithTheRemedy_whenTheAddressIsWrong_withoutShowingThePassword() throws IOException {
        int port = PostgresServer.port();
        int unusedPort;
        try (ServerSocket free = new ServerSocket(0)) {
            unusedPort = free.getLocalPort();
        }
        String locked = PostgresServer.userWithPassword();

        DatabaseException database = openingFails("postgresql://postgres:s3cret@localhost:" + port + "/nowhere");
        DatabaseException user = openingFails("postgresql://nobody:s3cret@localhost:" + port + "/postgres");
        DatabaseException password = openingFails("postgresql://" + locked + ":s3cret@localhost:" + port + "/postgres");
        DatabaseException down = openingFails("postgresql://u:s3cret@localhost:" + unusedPort + "/db");

        assertThat(database).hasMessageContaining("there is no such database: create it with createdb");
        assertThat(user).hasMessageContaining("set PGUSER and PGPASSWORD");
        assertThat(password).hasMessageContaining("set PGUSER and PGPASSWORD");
        assertThat(down).hasMessageContaining("the server can't be reached: check that it runs, and the address");
        assertThat(List.of(database, user, password, down)).allSatisfy(failure -> {
            assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(failure).hasMessageNotContaining("s3cret");
            assertThat(failure).hasStackTraceContaining("PSQLException");
        });
    }
}
