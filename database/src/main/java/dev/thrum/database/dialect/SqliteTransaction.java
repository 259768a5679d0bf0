package dev.thrum.database.dialect;

import org.sqlite.SQLiteCommitListener;

/**
 * The state of a transaction of SQLite, as its commit and rollback hooks report it
 * (https://www.sqlite.org/c3ref/commit_hook.html). They report nothing about transactions that only read.
 */
final class SqliteTransaction implements TransactionState, SQLiteCommitListener {
    // Both are written and read by the thread of the connection.
    private boolean committed;
    private boolean rolledBack;

    @Override
    public void onCommit() {
        committed = true;
    }

    @Override
    public void onRollback() {
        rolledBack = true;
    }

    @Override
    public void begun() {
        committed = false;
        rolledBack = false;
    }

    @Override
    public boolean isOpen() {
        return !committed && !rolledBack;
    }

    @Override
    public boolean mayBeCommitted() {
        return committed;
    }

    @Override
    public boolean isLeftOpen() {
        // A statement that would begin a transaction is refused when it is prepared.
        return false;
    }
}
