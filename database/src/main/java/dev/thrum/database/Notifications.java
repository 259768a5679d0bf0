package dev.thrum.database;

import dev.thrum.database.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * What transactions have told a channel of a PostgreSQL server with {@code NOTIFY}, in the order of their commits
 * (https://www.postgresql.org/docs/current/sql-notify.html). It has a connection of its own. Owned by the thread that
 * waits, except for {@link #close}.
 *
 * <p>What was told before it was opened, or while a connection was lost, does not arrive: keep it in a table too, and read
 * that after opening.
 */
public final class Notifications implements AutoCloseable {
    private final Availability availability;
    private final Connection connection;

    private volatile boolean closed;

    private Notifications(Availability availability, Connection connection) {
        this.availability = availability;
        this.connection = connection;
    }

    /** Listens; every transaction that commits after this returns is heard. */
    static Notifications open(Availability availability, String channel, Duration patience) {
        if (!channel.matches("[a-z_]+")) {
            throw new IllegalArgumentException("expected a channel of small letters and _ but was \"" + channel + "\"");
        }
        try {
            Connection connection = availability.dialect().connect(false, patience);
            try (var statement = connection.createStatement()) {
                boolean _ = statement.execute("LISTEN " + channel);
            } catch (SQLException | RuntimeException | Error e) {
                connection.close();
                throw e;
            }
            availability.worked();
            return new Notifications(availability, connection);
        } catch (SQLException e) {
            throw availability.failure(e);
        }
    }

    /**
     * Waits for notifications, at most this long.
     *
     * @return their payloads; empty if there are none
     * @throws DatabaseException if the connection is lost or closed; open another
     */
    public List<String> await(Duration patience) {
        Dialect dialect = availability.dialect();
        try {
            return dialect.notifications(connection, patience);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Checks the connection with a round trip, which finds out whether it was lost silently. */
    public boolean isAlive(Duration patience) {
        try {
            return connection.isValid((int) Math.max(1, patience.toSeconds()));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private DatabaseException failure(SQLException e) {
        return closed
                ? new DatabaseException(DatabaseException.Reason.CLOSED, "the connection was closed meanwhile", e)
                : availability.failure(e);
    }

    /** Closes the connection; a thread that waits gets an exception. Any thread may call it. */
    @Override
    public void close() {
        closed = true;
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is closed already.
        }
    }
}
