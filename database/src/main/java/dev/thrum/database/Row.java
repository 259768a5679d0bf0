package dev.thrum.database;

import dev.thrum.database.dialect.Dialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.OptionalLong;

/** The current row of a result; columns count from 1. Owned by the thread of its session, for one call of a mapper. */
public final class Row {
    private final ResultSet results;
    private final Dialect dialect;

    Row(ResultSet results, Dialect dialect) {
        this.results = results;
        this.dialect = dialect;
    }

    /** A whole number; 0 for NULL. */
    public long number(int column) throws SQLException {
        return results.getLong(column);
    }

    /** A whole number that may be NULL. */
    public OptionalLong optionalNumber(int column) throws SQLException {
        long value = results.getLong(column);
        return results.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** A text that the schema does not allow to be NULL. */
    public String text(int column) throws SQLException {
        String text = results.getString(column);
        if (text == null) {
            throw new SQLException("expected a text in column " + column + " but it was NULL");
        }
        return text;
    }

    /** A point in time that the schema does not allow to be NULL; to the millisecond. */
    public Instant instant(int column) throws SQLException {
        return dialect.instant(results, column);
    }
}
