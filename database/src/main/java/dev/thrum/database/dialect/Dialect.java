package dev.thrum.database.dialect;

import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;

/** What differs between the databases. Immutable. */
public interface Dialect {
    /** Its name as in messages. */
    String name();

    /** Where it is, as in messages; without a password. */
    String place();

    /** {@code sqlite} or {@code postgresql}. */
    String kind();

    /** Whether writes take turns, so that those that wait share a transaction. */
    boolean hasOneWriter();

    /**
     * Makes what a first start needs, and keeps others from opening it until this is closed, where they would collide.
     */
    Closeable prepare() throws IOException;

    /** What keeps it from being used although it can be reached, and what to change; empty if nothing does. */
    Optional<String> objection() throws SQLException;

    /**
     * What tells the place now from another of the same name that took over; connections to the other are of no use.
     *
     * @throws SQLException if nothing is there
     */
    Object identity() throws SQLException;

    /** Connections for the migrations, which may create the database. */
    DataSource forMigrations();

    /**
     * A connection.
     *
     * @param readOnly whether it is for reading alone
     * @param patience how long it may wait for others, and for its statements
     */
    Connection connect(boolean readOnly, Duration patience) throws SQLException;

    /** Lets the next statements take so long, where the wait is for a network. */
    void allow(Connection connection, Duration time) throws SQLException;

    /** Ends the statement that runs, from another thread, where that takes no time; it fails as a timeout. */
    void interrupt(Connection connection) throws SQLException;

    /** The statement that begins the transaction of such a call. */
    String begin(CallKind kind);

    /** The statement that commits it, and fails with {@link #isStrayEnd} if it is no longer the one that was begun. */
    String commit();

    /** Whether the commit failed with this because the transaction was no longer the one that was begun. */
    boolean isStrayEnd(SQLException e);

    /** What tells whether a transaction on this connection goes on. */
    TransactionState transactions(Connection connection) throws SQLException;

    /** What tells whether a connection that was just made still leads to the place. */
    Anchor anchor(Connection connection) throws SQLException;

    /**
     * Brings to its place what commits have left elsewhere, which nothing else would report, and says what there was.
     *
     * @throws SQLException if that fails
     */
    String checkpoint() throws SQLException;

    /** Whether a statement begins or ends transactions, or something within them, as far as that is known before it runs. */
    boolean isControl(Connection connection, String sql) throws SQLException;

    /** What makes a SELECT lock its rows until the end of the transaction; empty where writers take turns anyway. */
    String rowLock();

    Fault fault(SQLException e);

    /** Whether the commit that failed with this may have been done nevertheless. */
    boolean leavesDoubt(SQLException e);

    /** Refuses another number of parameters than the statement has, where the driver does not. */
    void requireParameters(PreparedStatement statement, int given) throws SQLException;

    /** A point in time as a parameter. */
    Object parameter(Instant instant);

    Instant instant(ResultSet results, int column) throws SQLException;
}
