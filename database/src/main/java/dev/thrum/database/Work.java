package dev.thrum.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Statements that belong together.
 *
 * <p>It runs on a thread of the database, holds up others there, and may be run again from its beginning when the
 * database asks for that: so it does nothing but talk to its session and compute.
 */
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
    T run(Session session) throws SQLException;
}
