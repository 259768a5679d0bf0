package dev.thrum.database;

import dev.thrum.base.Deadline;
import dev.thrum.database.dialect.Dialect;
import dev.thrum.database.dialect.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The connection of one thread of an executor: opened on demand, closed after a failure. Owned by that thread. */
final class ThreadConnection implements AutoCloseable {
    /** A connection that was idle for this long is checked before it is used. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration ASKING = Duration.ofSeconds(2);

    private final Availability availability;
    private final DatabaseExecutor.Shape shape;
    private @Nullable PooledConnection pooled;
    private Deadline fresh = Deadline.in(Duration.ZERO);

    ThreadConnection(Availability availability, DatabaseExecutor.Shape shape) {
        this.availability = availability;
        this.shape = shape;
    }

    Availability availability() {
        return availability;
    }

    /** The connection, checked if it was idle. */
    PooledConnection ready() throws SQLException {
        Object identity = identity();
        PooledConnection known = pooled;
        if (known != null && (!known.leadsTo(identity) || (fresh.nanosLeft() == 0 && !known.isAlive(ASKING)))) {
            discard();
            known = null;
        }
        if (known == null) {
            Dialect dialect = availability.dialect();
            known = opened(dialect, identity, dialect.connect(shape.readOnly(), shape.patience()));
            pooled = known;
        }
        fresh = Deadline.in(FRESH);
        return known;
    }

    private static PooledConnection opened(Dialect dialect, Object identity, Connection connection)
            throws SQLException {
        try {
            return new PooledConnection(dialect, identity, connection);
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    private Object identity() throws SQLException {
        try {
            return availability.dialect().identity();
        } catch (SQLException e) {
            // The database of the connection no longer exists: whatever is written to it would be lost.
            discard();
            throw e;
        }
    }

    /** Handles an error: closes the connection unless only the statement failed. */
    void judge(SQLException e) {
        if (availability.dialect().fault(e).kind() == Fault.Kind.UNAVAILABLE) {
            discard();
        }
    }

    /** Closes the connection; the next call opens another. */
    void discard() {
        if (pooled != null) {
            pooled.close();
            pooled = null;
        }
    }

    @Override
    public void close() {
        discard();
    }
}
