package dev.thrum.database.dialect;

import java.sql.SQLException;

/** What a connection knows of the transaction that was begun on it. Owned by the thread of the connection. */
public interface TransactionState {
    /** We have begun one. */
    void begun();

    /** Whether it goes on: whether no statement of a work has ended it. */
    boolean isOpen() throws SQLException;

    /** Where it does not go on: whether what was done in it may be there to stay. */
    boolean mayBeCommitted();

    /** Whether a statement outside a transaction has begun one. */
    boolean isLeftOpen() throws SQLException;
}
