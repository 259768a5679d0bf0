package dev.thrum.database.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A check for reasons why a PostgreSQL server can't be used although it is reachable. */
final class PostgresProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private static final String SHARED = "expected a session for each connection but " + PostgreSql.SHARED_SESSIONS;

    /** A prepared statement of another connection exists, or one of ours does not. */
    private static final Set<String> FOREIGN_STATEMENTS = Set.of("42P05", "26000");

    /** An idle pooler is detected in the first round; a busy one may assign the same session twice by chance. */
    private static final int ROUNDS = 6;

    /** The server process of a transaction, and the name that the connection's last transaction left there. */
    private record Turn(long process, String left) {}

    private PostgresProbe() {}

    /** The reason, with the remedy; empty if the server can be used. */
    static Optional<String> objection(PostgreSql server) throws SQLException {
        try (Connection one = server.connect(false, PATIENCE);
                Connection other = server.connect(false, PATIENCE)) {
            Optional<String> encoding = foreignEncoding(one);
            if (encoding.isPresent()) {
                return encoding;
            }
            one.setAutoCommit(false);
            other.setAutoCommit(false);
            return sharesSessions(one, other) ? Optional.of(SHARED) : Optional.empty();
        } catch (SQLException e) {
            if (FOREIGN_STATEMENTS.contains(String.valueOf(e.getSQLState()))) {
                return Optional.of(SHARED);
            }
            throw e;
        }
    }

    /** Other encodings can't store most characters, and some bytes have another meaning. */
    private static Optional<String> foreignEncoding(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SHOW server_encoding")) {
            String found = results.next() ? String.valueOf(results.getString(1)) : "unknown";
            return found.equals("UTF8")
                    ? Optional.empty()
                    : Optional.of("expected a database in UTF8 but its encoding is " + found
                            + ": make another with createdb --encoding=UTF8 --template=template0");
        }
    }

    /** Whether several processes serve the transactions of one connection, or one process those of two. */
    private static boolean sharesSessions(Connection one, Connection other) throws SQLException {
        Turn first = turn(one, "one");
        for (int i = 1; i < ROUNDS; i++) {
            Turn second = turn(other, "other");
            Turn again = turn(one, "one");
            if (second.process() == first.process()
                    || again.process() != first.process()
                    || !again.left().equals("one")) {
                return true;
            }
        }
        return false;
    }

    private static Turn turn(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pg_backend_pid(),"
                        + " COALESCE(current_setting('thrum.connection', true), ''), set_config('thrum.connection', ?, false)")) {
            statement.setString(1, name);
            try (ResultSet results = statement.executeQuery()) {
                if (!results.next()) {
                    throw new SQLException("expected the server to name its process but it did not");
                }
                return new Turn(results.getLong(1), String.valueOf(results.getString(2)));
            }
        } finally {
            connection.commit();
        }
    }
}
