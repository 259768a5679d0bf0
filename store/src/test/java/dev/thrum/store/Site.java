package dev.thrum.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A database of one test, and what the test has opened on it. */
final class Site implements AutoCloseable {
    /** Runs on, until it is ended: as a statement that reads and gives one number. */
    private static final String ENDLESS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";

    private final Kind kind;
    private final Path folder;
    private final String name;
    private final List<Database> opened = new ArrayList<>();

    Site(Kind kind, Path folder) {
        this.kind = kind;
        this.folder = folder;
        this.name = kind == Kind.POSTGRESQL ? PostgresServer.newDatabase() : "";
    }

    Kind kind() {
        return kind;
    }

    Path file() {
        return folder.resolve(Sqlite.FILE);
    }

    Source source() {
        return kind == Kind.SQLITE ? Source.embedded(folder) : PostgresServer.source(PostgresServer.port(), name);
    }

    Database open() {
        return open(UnaryOperator.identity());
    }

    Database open(UnaryOperator<DatabaseConfig> how) {
        Database database = Database.open(how.apply(DatabaseConfig.of(source())));
        opened.add(database);
        return database;
    }

    /** A connection that knows nothing of us, as of another program. */
    Connection plain() throws SQLException {
        return kind == Kind.SQLITE ? DriverManager.getConnection("jdbc:sqlite:" + file()) : PostgresServer.plain(name);
    }

    void execute(String sql) {
        try (Connection connection = plain();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError("expected to run " + sql, e);
        }
    }

    long number(String sql) {
        try (Connection connection = plain();
                var statement = connection.createStatement();
                var results = statement.executeQuery(sql)) {
            results.next();
            return results.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError("expected to run " + sql, e);
        }
    }

    /** A statement that takes far longer than any deadline here. */
    String endless() {
        return kind == Kind.SQLITE ? ENDLESS : "SELECT COUNT(*) FROM (SELECT pg_sleep(60)) AS slept";
    }

    @Override
    public void close() {
        opened.forEach(Database::close);
    }
}
