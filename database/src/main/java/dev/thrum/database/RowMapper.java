package dev.thrum.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value of the current row of a result. Runs on a thread of the database, so it must be short and must not
 * wait.
 */
@FunctionalInterface
public interface RowMapper<T extends @Nullable Object> {
    /**
     * Makes a value of a row.
     *
     * @param row the current row, valid only during this call
     * @throws SQLException if a column can't be read; fails the statement
     */
    T map(Row row) throws SQLException;
}
