package dev.thrum.database;

import dev.thrum.database.dialect.Sqlite;
import dev.thrum.store.StoreSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The database of one test; closes everything that the test has opened on it. */
public final class Site implements AutoCloseable {
    /** A query that runs until it is cancelled. */
    private static final String ENDLESS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";

    private final Kind kind;
    private final Path folder;
    private final String name;
    private final List<Database> opened = new ArrayList<>();

    public Site(Kind kind, Path folder) {
        this.kind = kind;
        this.folder = folder;
        this.name = kind == Kind.POSTGRESQL ? PostgresServer.newDatabase() : "";
    }

    public Kind kind() {
        return kind;
    }

    public Path file() {
        return folder.resolve(Sqlite.FILE);
    }

    public Source source() {
        return kind == Kind.SQLITE ? Source.embedded(folder) : PostgresServer.source(PostgresServer.port(), name);
    }

    public Database open() {
        return open(UnaryOperator.identity());
    }

    public Database open(UnaryOperator<DatabaseConfig> change) {
        Database database = StoreSchema.open(change.apply(DatabaseConfig.of(source())));
        opened.add(database);
        return database;
    }

    /** A plain JDBC connection, as another program would open it. */
    public Connection plain() throws SQLException {
        return kind == Kind.SQLITE ? DriverManager.getConnection("jdbc:sqlite:" + file()) : PostgresServer.plain(name);
    }

    public void execute(String sql) {
        try (Connection connection = plain();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError("expected to run " + sql, e);
        }
    }

    public long number(String sql) {
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
