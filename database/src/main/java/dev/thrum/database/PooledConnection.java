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
 * A connection and the statements prepared on it. Owned by one thread of an executor; other threads may only {@link
 * #interrupt} it.
 */
final class PooledConnection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PooledConnection.class.getName());
    private static final int MOST_STATEMENTS = 64;

    private final Dialect dialect;
    private final Object identity;
    private final Connection connection;
    private final TransactionState transaction;
    private final Anchor anchor;

    /** In the order of use: the least recently used one is removed when there are too many. */
    private final Map<String, Prepared> statements = new LinkedHashMap<>(32, 0.75f, true);

    /** BEGIN, COMMIT and the like: a handful, which works may not use. */
    private final Map<String, PreparedStatement> controls = new HashMap<>();

    /** Keeps an interrupt from a connection that is being closed; no statement runs under it. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean closed;

    /** The call whose statements run; set by the owner, compared by interrupting threads, cleared under the lock. */
    private volatile @Nullable Call<?> current;

    /**
     * Takes ownership of a connection.
     *
     * @param identity of the place that it leads to
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

    /** Whether it still leads to this place. */
    boolean leadsTo(Object place) throws SQLException {
        return identity.equals(place) && anchor.holds();
    }

    /** Begins the statements of this call, which may take as long as the call has left. */
    void serve(Call<?> call) throws SQLException {
        current = call;
        dialect.allow(connection, call.timeLeft());
    }

    /** Ends the statements of the call: no interrupt meant for it arrives after this. */
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

    /**
     * Interrupts the running statement of a late call. A statement that is about to begin is interrupted at the next
     * check.
     */
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

    /** A statement of a work, prepared at its first use, and once more if that one is in use. */
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

    /** Works must not begin or end transactions: on SQLite, other calls share the transaction. */
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

    /** Prepares a statement again the next time: after some errors, the SQLite driver leaves an unusable one. */
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

    /** Whether the transaction that we began is still open. */
    boolean isOurs() throws SQLException {
        return transaction.isOpen();
    }

    /** Within our transaction: checks that no statement of a work has ended it. */
    void requireOurs() throws SQLException {
        if (!isOurs()) {
            throw new StrayEndException(null);
        }
    }

    /** Outside a transaction: checks that no statement of a work has begun one. */
    void requireNone() throws SQLException {
        if (transaction.isLeftOpen()) {
            throw new StrayEndException(null);
        }
    }

    /** Whether no transaction is open on the connection. */
    boolean isFree() {
        try {
            return !transaction.isLeftOpen();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a connection could not say whether a transaction is open", e);
            return false;
        }
    }

    /** Whether a statement of a work has ended our transaction, and perhaps committed it. */
    boolean isCommittedByOthers() {
        try {
            return !transaction.isOpen() && transaction.mayBeCommitted();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a connection could not say what became of its transaction", e);
            return true;
        }
    }

    /** Rolls back a failed transaction, which the database may have ended already. */
    void rollback() {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            LOG.log(Level.TRACE, "there was nothing to roll back", e);
        }
    }

    /** Checks the connection, with a round trip to a server. */
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
