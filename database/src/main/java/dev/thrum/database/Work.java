package dev.thrum.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Statements that belong together, with the computation between them.
 *
 * <p>Work runs on a thread of the database and blocks other calls there. It may run again from its beginning, after a
 * conflict with another transaction. So it only uses its session and computes: it does no other I/O, waits for no
 * future, and changes no state outside.
 */
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
    /**
     * Runs the statements.
     *
     * @param session valid only during this call, on its thread
     * @return the result of the call; for a write, the caller gets it only after the commit
     * @throws SQLException if a statement fails; the transaction is undone
     */
    T run(Session session) throws SQLException;
}
