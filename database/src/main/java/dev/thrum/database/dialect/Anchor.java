package dev.thrum.database.dialect;

import java.sql.SQLException;

/** What a connection leads to. */
public interface Anchor {
    /**
     * Whether that is still what others find in its place; if not, what this connection alone has was brought there.
     *
     * @throws SQLException if it is not and could not be brought
     */
    boolean holds() throws SQLException;
}
