package dev.thrum.database;

import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A prepared statement that is in use until this is closed. Meanwhile no other code gets it, because running it again would
 * close its result set. Owned by the thread of its connection.
 */
final class Prepared implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Prepared.class.getName());

    private final PreparedStatement statement;
    private boolean used = true;

    /** Whether it is kept for its next use. */
    private boolean kept;

    Prepared(PreparedStatement statement, boolean kept) {
        this.statement = statement;
        this.kept = kept;
    }

    PreparedStatement statement() {
        return statement;
    }

    boolean isUsed() {
        return used;
    }

    void use() {
        used = true;
    }

    /** Closes it now, or at the end of its current use, so that it is not used again. */
    void drop() {
        kept = false;
        if (!used) {
            end();
        }
    }

    @Override
    public void close() {
        used = false;
        if (!kept) {
            end();
        }
    }

    private void end() {
        try {
            statement.close();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a statement did not close well", e);
        }
    }
}
