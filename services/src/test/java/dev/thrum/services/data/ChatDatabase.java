package dev.thrum.services.data;

import dev.thrum.database.Source;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A database of a real PostgreSQL server, which is started once. Register {@link Start} before {@code LeakCheck}. */
final class ChatDatabase {
    private static final AtomicInteger MADE = new AtomicInteger();

    private final String name = "chat_" + MADE.incrementAndGet();

    private static final class Holder {
        static final EmbeddedPostgres SERVER = started();

        private static EmbeddedPostgres started() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "100")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("expected a PostgreSQL server to start but it did not", e);
            }
        }
    }

    /** Starts the server, so that this does not count as a leak of a test. */
    static final class Start implements BeforeAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            context.publishReportEntry("postgresql", String.valueOf(Holder.SERVER.getPort()));
        }
    }

    /** A new database. */
    ChatDatabase() {
        execute("CREATE DATABASE " + name);
    }

    Source source() {
        return Source.postgresql("postgresql://postgres@localhost:" + Holder.SERVER.getPort() + "/" + name, Map.of());
    }

    /** Ends all connections to it. */
    void terminateConnections() {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    /** Ends the connection of each server that listens. */
    void terminateListeners() {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name
                + "' AND query LIKE 'LISTEN%'");
    }

    /** Lets new connections in, or not. */
    void allowConnections(boolean allowed) {
        execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + allowed);
    }

    private static void execute(String sql) {
        try (Connection connection = Holder.SERVER.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError("expected to run " + sql, e);
        }
    }
}
