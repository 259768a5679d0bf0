package dev.thrum.database.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;

/** Whether a transaction of PostgreSQL goes on, as the server has said after the last statement. */
record PostgresTransaction(Connection connection) implements TransactionState {
    @Override
    public void begun() {
        // The driver keeps what the server says.
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
