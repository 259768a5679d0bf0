package dev.thrum.database;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.database.dialect.Anchor;
import dev.thrum.database.dialect.CallKind;
import dev.thrum.database.dialect.Dialect;
import dev.thrum.database.dialect.TransactionState;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection and the statements prepared on it. Owned by one thread of the database; others may only
 * {@link #interrupt} it.
 */
final class PooledConnection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PooledConnection.class.getName());
    private static final int MOST_STATEMENTS = 64;

    private final Dialect dialect;
    private final Object identity;
    private final Connection connection;
    private final TransactionState transaction;
    private final Anchor anchor;

    /** The one used longest ago comes first, and goes when there are too many. */
    private final Map<String, Prepared> statements = new LinkedHashMap<>(32, 0.75f, true);

    /** BEGIN, COMMIT and the like: a handful, and none that a work may use. */
    private final Map<String, PreparedStatement> controls = new HashMap<>();

    /** Keeps an interrupt from reaching a connection that is closed meanwhile; nothing is executed under it. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean closed;

    /** The call whose statements run; set by the owner, compared by who interrupts, taken away under the lock. */
    private volatile @Nullable Call<?> current;

    /**
     * Takes a connection over.
     *
     * @param identity of the place it was made to
     */
    PooledConnection(Dialect dialect, Object identity, Connection connection) throws SQLException {
        this.dialect = dialect;
        this.identity = identity;
        this.connection = connection;
        this.transaction = dialect.transactions(connection);
        this.anchor = dialect.anchor(connection);
    }

    Dialect dialect() {
        return dialect;
    }

    /** Whether it still leads to this place, as it did when it was made. */
    boolean leadsTo(Object place) throws SQLException {
        return identity.equals(place) && anchor.holds();
    }

    /** From here on the statements are those of this call, which may take as long as it has. */
    void serve(Call<?> call) throws SQLException {
        current = call;
        dialect.allow(connection, call.timeLeft());
    }

    /** They are over: from here on no interrupt that was meant for that call comes. */
    void served() {
        lock.lock();
        try {
            current = null;
        } finally {
            lock.unlock();
        }
    }

    boolean isServing(Call<?> call) {
        return call.equals(current);
    }

    /** Ends the statement of a call that is late, if one runs: one that is about to begin is ended the next time. */
    void interrupt(Call<?> late) {
        lock.lock();
        try {
            if (!closed && late.equals(current)) {
                dialect.interrupt(connection);
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a late statement could not be interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** A statement of a work, prepared when it is first asked for, and once more where that one is in use. */
    Prepared prepared(String sql) throws SQLException {
        Prepared known = statements.get(sql);
        if (known != null && !known.isUsed()) {
            known.use();
            return known;
        }
        if (known != null) {
            return new Prepared(connection.prepareStatement(sql), false);
        }
        requireNoControl(sql);
        Prepared made = new Prepared(connection.prepareStatement(sql), true);
        statements.put(sql, made);
        if (statements.size() > MOST_STATEMENTS) {
            forgetEldest();
        }
        return made;
    }

    /** Where a transaction begins and ends is not the work's: on SQLite others share it. */
    private void requireNoControl(String sql) throws SQLException {
        if (dialect.isControl(connection, sql)) {
            throw new IllegalArgumentException(
                    "expected a statement within the transaction that the work is given but it was " + sql
                            + ": let the work return or throw");
        }
    }

    private void forgetEldest() {
        statements.entrySet().stream()
                .filter(one -> !one.getValue().isUsed())
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(this::forget);
    }

    /** Prepares a statement anew the next time: after some errors the driver of SQLite leaves one that is of no use. */
    void forget(String sql) {
        Prepared gone = statements.remove(sql);
        if (gone != null) {
            gone.drop();
        }
    }

    private static void close(@Nullable PreparedStatement statement) {
        try {
            if (statement != null) {
                statement.close();
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a statement that failed did not close well", e);
        }
    }

    /** Runs a statement without parameters and without rows, such as COMMIT. */
    void execute(String sql) throws SQLException {
        try {
            PreparedStatement statement = controls.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                controls.put(sql, statement);
            }
            boolean _ = statement.execute();
        } catch (SQLException e) {
            close(controls.remove(sql));
            throw e;
        }
    }

    void begin(CallKind kind) throws SQLException {
        execute(dialect.begin(kind));
        transaction.begun();
        requireOurs();
    }

    void commit() throws SQLException {
        try {
            execute(dialect.commit());
        } catch (SQLException e) {
            throw dialect.isStrayEnd(e) ? new StrayEndException(e) : e;
        }
        requireNone();
    }

    /** Whether the transaction that we have begun goes on. */
    boolean isOurs() throws SQLException {
        return transaction.isOpen();
    }

    /** Within a transaction of ours: that no statement of a work has ended it. */
    void requireOurs() throws SQLException {
        if (!isOurs()) {
            throw new StrayEndException(null);
        }
    }

    /** Outside of one: that no statement of a work has begun it. */
    void requireNone() throws SQLException {
        if (transaction.isLeftOpen()) {
            throw new StrayEndException(null);
        }
    }

    /** Whether no transaction is open on it. */
    boolean isFree() {
        try {
            return !transaction.isLeftOpen();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a connection could not say whether a transaction is open", e);
            return false;
        }
    }

    /** Whether somebody else has ended our transaction, and perhaps committed it. */
    boolean isCommittedByOthers() {
        try {
            return !transaction.isOpen() && transaction.mayBeCommitted();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a connection could not say what became of its transaction", e);
            return true;
        }
    }

    /** Ends a transaction that failed; whether the database has ended it already is not known here. */
    void rollback() {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            LOG.log(Level.TRACE, "there was nothing to roll back", e);
        }
    }

    /** Whether the other side is still there; asks it. */
    boolean isAlive(Duration patience) {
        try {
            return connection.isValid((int) Math.max(1, patience.toSeconds()));
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a connection could not be asked whether it is good", e);
            return false;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a connection did not close well", e);
        }
    }
}
