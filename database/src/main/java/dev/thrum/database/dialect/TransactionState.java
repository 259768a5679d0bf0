package dev.thrum.database.dialect;

import java.sql.SQLException;

/** The state of the transaction that was begun on a connection. Owned by the thread of the connection. */
public interface TransactionState {
    /** We have begun one. */
    void begun();

    /** Whether it is still open: no statement of a work has ended it. */
    boolean isOpen() throws SQLException;

    /** If it is not open: whether its writes may be permanent. */
    boolean mayBeCommitted();

    /** Whether a statement outside a transaction has begun one. */
    boolean isLeftOpen() throws SQLException;
}
