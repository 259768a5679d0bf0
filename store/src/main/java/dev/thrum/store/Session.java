package dev.thrum.store;

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
 * <p>Owned by the thread that runs the work, and of no use after it.
 */
public final class Session {
    private final Link link;
    private final Call<?> call;

    /** What has ended the transaction, though the work may have caught it. */
    private @Nullable SQLException broken;

    private boolean ended;

    Session(Link link, Call<?> call) {
        this.link = link;
        this.call = call;
    }

    /** The rows that a statement gives: a SELECT, or what a write has RETURNING. */
    public <T extends @Nullable Object> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... parameters)
            throws SQLException {
        begin();
        try {
            PreparedStatement statement = bound(sql, parameters);
            try (ResultSet results = statement.executeQuery()) {
                Row row = new Row(results, link.dialect());
                List<T> rows = new ArrayList<>();
                while (results.next()) {
                    rows.add(mapper.map(row));
                }
                return rows;
            }
        } catch (SQLException e) {
            throw noted(e);
        }
    }

    /** The first row that a statement gives. */
    public <T> Optional<T> first(String sql, RowMapper<T> mapper, @Nullable Object... parameters) throws SQLException {
        return query(sql, mapper, parameters).stream().findFirst();
    }

    /** Runs a statement that gives no rows; returns how many it has changed. */
    public int update(String sql, @Nullable Object... parameters) throws SQLException {
        begin();
        try {
            return bound(sql, parameters).executeUpdate();
        } catch (SQLException e) {
            throw noted(e);
        }
    }

    /** What makes a SELECT lock its rows until the end of the transaction, to be put at its end. */
    public String rowLock() {
        return link.dialect().rowLock();
    }

    /** Keeps what comes from being used after the work, and says what broke the transaction under it. */
    void end() throws SQLException {
        ended = true;
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
            throw noted(new SQLTimeoutException("the call was cancelled, or its deadline has passed"));
        }
    }

    private SQLException noted(SQLException e) {
        if (!link.dialect().fault(e).isOfStatement()) {
            broken = e;
        }
        return e;
    }

    private PreparedStatement bound(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = link.prepared(sql);
        for (int i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case null -> statement.setNull(i + 1, Types.NULL);
                case String text -> statement.setString(i + 1, text);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setLong(i + 1, number);
                case Instant instant ->
                    statement.setObject(i + 1, link.dialect().parameter(instant));
                case Object other ->
                    throw new IllegalArgumentException("expected parameter " + (i + 1)
                            + " to be a text, a whole number or a point in time but it was a "
                            + other.getClass().getSimpleName());
            }
        }
        return statement;
    }
}
