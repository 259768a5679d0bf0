package dev.thrum.database;

import dev.thrum.store.StoreSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real PostgreSQL server, started once for all test classes. Register it before {@code LeakCheck}, so
 * that the start of the server does not count as a leak.
 */
public final class PostgresServer implements BeforeAllCallback {
    private static final String TEMPLATE = "thrum_template";

    private static final class Holder {
        static final EmbeddedPostgres SERVER = started();
        static final AtomicInteger DATABASES = new AtomicInteger();

        private static EmbeddedPostgres started() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "60")
                        .start();
                execute(server, "CREATE DATABASE " + TEMPLATE);
                StoreSchema.open(DatabaseConfig.of(source(server.getPort(), TEMPLATE)))
                        .close();
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("expected a PostgreSQL server to start but it did not", e);
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        int port = Holder.SERVER.getPort();
        context.publishReportEntry("postgresql", String.valueOf(port));
    }

    public static int port() {
        return Holder.SERVER.getPort();
    }

    /** A new database with our schema; returns its name. */
    public static String newDatabase() {
        String name = "thrum_" + Holder.DATABASES.incrementAndGet();
        execute(Holder.SERVER, "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        return name;
    }

    /** A new database with nothing in it; returns its name. */
    public static String emptyDatabase() {
        String name = "thrum_" + Holder.DATABASES.incrementAndGet();
        execute(Holder.SERVER, "CREATE DATABASE " + name);
        return name;
    }

    /** A new database whose encoding lacks most characters; returns its name. */
    static String latinDatabase() {
        String name = "thrum_" + Holder.DATABASES.incrementAndGet();
        execute(
                Holder.SERVER,
                "CREATE DATABASE " + name + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        return name;
    }

    /** A user that needs a password, while the server trusts all others; returns the name. */
    static String userWithPassword() {
        String name = "locked_" + Holder.DATABASES.incrementAndGet();
        execute(Holder.SERVER, "CREATE USER " + name + " PASSWORD 'right'");
        try (Connection connection = plain("postgres");
                var statement = connection.createStatement();
                var results = statement.executeQuery("SHOW hba_file")) {
            results.next();
            Path rules = Path.of(results.getString(1));
            Files.writeString(rules, "host all " + name + " all scram-sha-256\n" + Files.readString(rules));
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("expected to change the server's rules", e);
        }
        execute(Holder.SERVER, "SELECT pg_reload_conf()");
        Waits.until("the server asks for the password", () -> isRefused(name));
        return name;
    }

    private static boolean isRefused(String user) {
        try (Connection connection = Holder.SERVER.getDatabase(user, "postgres").getConnection()) {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    public static Source source(int port, String database) {
        return Source.postgresql("postgresql://postgres@localhost:" + port + "/" + database, Map.of());
    }

    static Connection plain(String database) throws SQLException {
        return Holder.SERVER.getDatabase("postgres", database).getConnection();
    }

    private static void execute(EmbeddedPostgres server, String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("expected to run " + sql, e);
        }
    }
}
