package dev.thrum.store.backup;

import dev.thrum.database.dialect.Sqlite;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import org.sqlite.ProgressHandler;

/** The contents of an SQLite file that no other program uses, found by reading all of it. */
record Contents(long users, long accounts) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** This many instructions of SQLite's virtual machine take a few milliseconds. */
    private static final int INSTRUCTIONS = 10_000;

    /** How thoroughly a file is checked (https://www.sqlite.org/pragma.html#pragma_integrity_check). */
    enum Check {
        /** Every page, without comparing indexes with their tables: for a file that was just written. */
        QUICK,
        /** Everything. */
        INTEGRITY;

        private String pragma() {
            return "PRAGMA " + name().toLowerCase(Locale.ROOT) + "_check(1)";
        }
    }

    /**
     * Reads and checks a file.
     *
     * @throws SQLException if it is damaged, or is not a database of Thrum
     */
    static Contents of(Sqlite file, Check check) throws SQLException {
        try (Connection connection = interruptible(file.connect(true, PATIENCE));
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery(check.pragma())) {
                String first = found.next() ? found.getString(1) : "the check gave no result";
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

    /** Makes statements of this connection end when the thread that runs them is interrupted. */
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
