package dev.thrum.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one {@link Work}: parameters are {@code ?}, and may be texts, whole numbers, points in time and null.
 *
 * <p>A statement that fails ends the transaction: catching its exception lets the work clean up, but every later
 * statement and the call itself fail with it. Owned by the thread that runs the work, and of no use after it.
 */
public final class Session {
    private final PooledConnection pooled;
    private final Call<?> call;

    /** What a statement failed with, though the work may have caught it: no transaction goes on after that. */
    private @Nullable SQLException broken;

    /** Volatile for the sake of who keeps a session and uses it on another thread. */
    private volatile boolean ended;

    Session(PooledConnection pooled, Call<?> call) {
        this.pooled = pooled;
        this.call = call;
    }

    /** The rows that a statement gives: a SELECT, or what a write has RETURNING. */
    public <T extends @Nullable Object> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... parameters)
            throws SQLException {
        begin();
        try (Prepared prepared = pooled.prepared(sql)) {
            bind(prepared.statement(), parameters);
            try (ResultSet results = prepared.statement().executeQuery()) {
                Row row = new Row(results, pooled.dialect());
                List<T> rows = new ArrayList<>();
                while (results.next()) {
                    rows.add(mapper.map(row));
                }
                requireOurs();
                return rows;
            }
        } catch (SQLException e) {
            throw noted(sql, e);
        }
    }

    /** The first row that a statement gives. */
    public <T> Optional<T> first(String sql, RowMapper<T> mapper, @Nullable Object... parameters) throws SQLException {
        return query(sql, mapper, parameters).stream().findFirst();
    }

    /** Runs a statement that gives no rows; returns how many it has changed. */
    public int update(String sql, @Nullable Object... parameters) throws SQLException {
        begin();
        try (Prepared prepared = pooled.prepared(sql)) {
            bind(prepared.statement(), parameters);
            int changed = prepared.statement().executeUpdate();
            requireOurs();
            return changed;
        } catch (SQLException e) {
            throw noted(sql, e);
        }
    }

    /** What makes a SELECT lock its rows until the end of the transaction, to be put at its end. */
    public String rowLock() {
        return pooled.dialect().rowLock();
    }

    /** Keeps it from being used after the work. */
    void end() {
        ended = true;
    }

    /** Says what broke the transaction under the work, if anything. */
    void requireWhole() throws SQLException {
        if (broken != null) {
            throw broken;
        }
    }

    private void begin() throws SQLException {
        if (ended) {
            throw new IllegalStateException("expected a session to be used by its work alone but that has ended");
        }
        if (broken != null) {
            throw broken;
        }
        if (call.isOver()) {
            broken = new SQLTimeoutException("the call was cancelled, or its deadline has passed");
            throw broken;
        }
    }

    /** After a statement that has ended the transaction the next ones would take effect one by one. */
    private void requireOurs() throws SQLException {
        if (call.kind().isManyStatements()) {
            pooled.requireOurs();
        }
    }

    private SQLException noted(String sql, SQLException e) {
        pooled.forget(sql);
        broken = e;
        return e;
    }

    private void bind(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        // Those of the call before must not be taken for missing ones.
        statement.clearParameters();
        pooled.dialect().requireParameters(statement, parameters.length);
        for (int i = 0; i < parameters.length; i++) {
            bindOne(statement, i + 1, parameters[i]);
        }
    }

    /** Without a switch over types, which takes its time when it is first used: at the start of a server. */
    private void bindOne(PreparedStatement statement, int place, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(place, Types.NULL);
        } else if (value instanceof String text) {
            statement.setString(place, keepable(text));
        } else if (value instanceof Long number) {
            statement.setLong(place, number);
        } else if (value instanceof Integer number) {
            statement.setLong(place, number);
        } else if (value instanceof Instant instant) {
            statement.setObject(place, pooled.dialect().parameter(instant));
        } else {
            throw new IllegalArgumentException("expected parameter " + place
                    + " to be a text, a whole number or a point in time but it was a "
                    + value.getClass().getSimpleName());
        }
    }

    /** PostgreSQL can't keep the character NUL, and UTF-8 no half of a surrogate pair, so neither does SQLite. */
    private static String keepable(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                throw new IllegalArgumentException(
                        "expected a text without U+0000 and halves of surrogate pairs but it has one at " + i);
            }
        }
        return text;
    }
}
