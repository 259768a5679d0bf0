package dev.thrum.database;

import dev.thrum.database.dialect.Dialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * The current row of a result; columns count from 1. Valid only during one call of a {@link RowMapper}, on its thread.
 *
 * <p>Every method throws {@code SQLException} if there is no such column or its value can't be converted.
 */
public final class Row {
    private final ResultSet results;
    private final Dialect dialect;

    Row(ResultSet results, Dialect dialect) {
        this.results = results;
        this.dialect = dialect;
    }

    /** The whole number in a column; 0 for NULL. */
    public long number(int column) throws SQLException {
        return results.getLong(column);
    }

    /** The whole number in a column; empty for NULL. */
    public OptionalLong optionalNumber(int column) throws SQLException {
        long value = results.getLong(column);
        return results.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /**
     * The text in a column that can't be NULL.
     *
     * @throws SQLException if it is NULL
     */
    public String text(int column) throws SQLException {
        String text = results.getString(column);
        if (text == null) {
            throw new SQLException("expected a text in column " + column + " but it was NULL");
        }
        return text;
    }

    /**
     * The point in time in a column that can't be NULL, to the millisecond.
     *
     * @throws SQLException if it is NULL
     */
    public Instant instant(int column) throws SQLException {
        return dialect.instant(results, column);
    }
}
