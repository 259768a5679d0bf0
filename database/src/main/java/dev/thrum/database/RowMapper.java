package dev.thrum.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Makes a value of the current row of a result. */
@FunctionalInterface
public interface RowMapper<T extends @Nullable Object> {
    T map(Row row) throws SQLException;
}
