package dev.thrum.database.dialect;

import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The differences between the databases. Immutable. */
public interface Dialect {
    /** Its name, for messages. */
    String name();

    /** Its place, for messages; without a password. */
    String place();

    /** {@code sqlite} or {@code postgresql}. */
    String kind();

    /** Whether only one transaction writes at a time, so that waiting writes share a transaction (group commit). */
    boolean hasOneWriter();

    /**
     * Creates the files of a first start, and keeps other programs from opening the database until the result is
     * closed, where they would collide.
     */
    Closeable prepare() throws IOException;

    /** The reason why the database can't be used although it is reachable, with the remedy; empty if it can. */
    Optional<String> objection() throws SQLException;

    /**
     * The identity of the database at this place, which differs from that of another one that replaced it.
     *
     * @throws SQLException if there is no database
     */
    Object identity() throws SQLException;

    /** Connections for the migrations, which may create the database. */
    DataSource forMigrations();

    /**
     * Opens a connection.
     *
     * @param readOnly whether it is only for reading
     * @param patience how long it may wait for locks, and for its statements
     */
    Connection connect(boolean readOnly, Duration patience) throws SQLException;

    /**
     * Waits for notifications on a connection that listens.
     *
     * @return the payloads of those that have arrived, in order; empty if none came in time
     * @throws UnsupportedOperationException if this database has none
     */
    default List<String> notifications(Connection connection, Duration patience) throws SQLException {
        throw new UnsupportedOperationException(name() + " has no notifications");
    }

    /** Limits the time of the next statements, where a network is between. */
    void allow(Connection connection, Duration time) throws SQLException;

    /** Interrupts the running statement, from another thread, where this is quick; the statement fails as a timeout. */
    void interrupt(Connection connection) throws SQLException;

    /** The statement that begins a transaction for this kind of call. */
    String begin(CallKind kind);

    /** The statement that commits it, and fails with {@link #isStrayEnd} if it is no longer the one that was begun. */
    String commit();

    /** Whether the commit failed with this because the transaction was no longer the one that was begun. */
    boolean isStrayEnd(SQLException e);

    /** The state of transactions on this connection. */
    TransactionState transactions(Connection connection) throws SQLException;

    /** A check whether a new connection still leads to this place later. */
    Anchor anchor(Connection connection) throws SQLException;

    /**
     * Copies committed pages from the log into the database file, and reports their number. Nothing else would report a
     * failure.
     *
     * @throws SQLException if that fails
     */
    String checkpoint() throws SQLException;

    /** Whether a statement begins or ends transactions or savepoints, as far as this is decidable before it runs. */
    boolean isControl(Connection connection, String sql) throws SQLException;

    /**
     * The clause that makes a SELECT lock its rows until the end of the transaction; empty where only one transaction
     * writes at a time.
     */
    String rowLock();

    Fault fault(SQLException e);

    /** Whether the commit that failed with this may have been done nevertheless. */
    boolean leavesDoubt(SQLException e);

    /** Refuses a wrong number of parameters, where the driver does not. */
    void requireParameters(PreparedStatement statement, int given) throws SQLException;

    /** A point in time as a parameter. */
    Object parameter(Instant instant);

    Instant instant(ResultSet results, int column) throws SQLException;
}
