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
 * The connection of one {@link Work}. Parameters are {@code ?}; their values are a {@code String}, {@code Long}, {@code
 * Integer}, {@code Instant} or null.
 *
 * <p>A failed statement ends the transaction: the work may catch its exception to clean up, but every later statement,
 * and the call itself, fail with it. Statements such as BEGIN and COMMIT are refused. Owned by the thread that runs the
 * work; after the work has ended, every statement throws {@code IllegalStateException}.
 */
public final class Session {
    private final PooledConnection pooled;
    private final Call<?> call;

    /** The failure of a statement, even if the work has caught it: the transaction can't continue after it. */
    private @Nullable SQLException broken;

    /** Volatile, because a work may pass its session to another thread by mistake. */
    private volatile boolean ended;

    Session(PooledConnection pooled, Call<?> call) {
        this.pooled = pooled;
        this.call = call;
    }

    /**
     * Runs a statement that returns rows: a SELECT, or a write with RETURNING.
     *
     * @param mapper makes a value of each row
     * @return the values, in the order of the rows; the caller may change the list
     * @throws SQLException if the statement fails, or the call was cancelled or is late
     * @throws IllegalArgumentException if a parameter has another type, or a text can't be stored
     */
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

    /**
     * Runs a statement like {@link #query}, and returns the first row only. All rows are read.
     *
     * @throws SQLException if the statement fails, or the call was cancelled or is late
     */
    public <T> Optional<T> first(String sql, RowMapper<T> mapper, @Nullable Object... parameters) throws SQLException {
        return query(sql, mapper, parameters).stream().findFirst();
    }

    /**
     * Runs a statement that returns no rows.
     *
     * @return the number of rows that it has changed
     * @throws SQLException if the statement fails, or the call was cancelled or is late
     * @throws IllegalArgumentException if a parameter has another type, or a text can't be stored
     */
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

    /**
     * The clause that makes a SELECT lock its rows until the end of the transaction, to be appended to the statement;
     * empty where writers run one at a time.
     */
    public String rowLock() {
        return pooled.dialect().rowLock();
    }

    /** Keeps it from being used after the work. */
    void end() {
        ended = true;
    }

    /** Throws the error that broke the transaction, if any. */
    void requireWhole() throws SQLException {
        if (broken != null) {
            throw broken;
        }
    }

    private void begin() throws SQLException {
        if (ended) {
            throw new IllegalStateException("expected a session to be used only by its work but that has ended");
        }
        if (broken != null) {
            throw broken;
        }
        if (call.isOver()) {
            broken = new SQLTimeoutException("the call was cancelled, or its deadline has passed");
            throw broken;
        }
    }

    /** After a statement that ends the transaction, the following ones would take effect one by one. */
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
        // Otherwise parameters of the previous call would be used for missing ones.
        statement.clearParameters();
        pooled.dialect().requireParameters(statement, parameters.length);
        for (int i = 0; i < parameters.length; i++) {
            bindOne(statement, i + 1, parameters[i]);
        }
    }

    /** Without a pattern switch, whose first use takes long, at the start of a server. */
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

    /**
     * PostgreSQL can't store the character NUL, and UTF-8 can't encode half a surrogate pair; so SQLite refuses both,
     * too.
     */
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
