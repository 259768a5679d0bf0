package dev.thrum.database.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;

/** The state of a transaction of PostgreSQL, as the server reported it after the last statement. */
record PostgresTransaction(Connection connection) implements TransactionState {
    @Override
    public void begun() {
        // The driver keeps the state that the server reports.
    }

    @Override
    public boolean isOpen() throws SQLException {
        return connection.unwrap(BaseConnection.class).getTransactionState()
                != org.postgresql.core.TransactionState.IDLE;
    }

    @Override
    public boolean mayBeCommitted() {
        return true;
    }

    @Override
    public boolean isLeftOpen() throws SQLException {
        return isOpen();
    }
}
