package dev.thrum.database.dialect;

import org.sqlite.SQLiteCommitListener;

/**
 * Whether a transaction of SQLite goes on, as SQLite itself tells (https://www.sqlite.org/c3ref/commit_hook.html); of those
 * that only read it tells nothing.
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
        // A statement that begins one is refused when it is prepared.
        return false;
    }
}
