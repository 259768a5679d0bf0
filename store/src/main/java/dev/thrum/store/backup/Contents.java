package dev.thrum.store.backup;

import dev.thrum.database.dialect.Sqlite;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import org.sqlite.ProgressHandler;

/** What a database file holds that nobody else uses, found out by reading all of it. */
record Contents(long users, long accounts) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** So many instructions of SQLite's machine take a few milliseconds. */
    private static final int INSTRUCTIONS = 10_000;

    /** How closely it is looked at (https://www.sqlite.org/pragma.html#pragma_integrity_check). */
    enum Check {
        /** Every page, without comparing indexes with their tables: for what was just built. */
        QUICK,
        /** Everything. */
        INTEGRITY;

        private String pragma() {
            return "PRAGMA " + name().toLowerCase(Locale.ROOT) + "_check(1)";
        }
    }

    /**
     * Reads a file.
     *
     * @throws SQLException if it is damaged, or is no database of ours
     */
    static Contents of(Sqlite file, Check check) throws SQLException {
        try (Connection connection = interruptible(file.connect(true, PATIENCE));
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery(check.pragma())) {
                String first = found.next() ? found.getString(1) : "nothing was found out";
                if (!"ok".equals(first)) {
                    throw new SQLException("the file is damaged: " + first);
                }
            }
            try (ResultSet counts =
                    statement.executeQuery("SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM accounts)")) {
                if (!counts.next()) {
                    throw new SQLException("expected a row of counts but there was none");
                }
                return new Contents(counts.getLong(1), counts.getLong(2));
            }
        }
    }

    /** Lets an interrupt of the thread that runs its statements end them. */
    static Connection interruptible(Connection connection) throws SQLException {
        try {
            ProgressHandler.setHandler(connection, INSTRUCTIONS, new ProgressHandler() {
                @Override
                protected int progress() {
                    return Thread.currentThread().isInterrupted() ? 1 : 0;
                }
            });
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
