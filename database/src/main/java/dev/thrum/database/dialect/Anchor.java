package dev.thrum.database.dialect;

import java.sql.SQLException;

/** A check that a connection still leads to the database that other programs find. */
public interface Anchor {
    /**
     * Whether the connection still leads there. If not, data that only this connection has is copied there first.
     *
     * @throws SQLException if it does not, and the data could not be copied
     */
    boolean holds() throws SQLException;
}
