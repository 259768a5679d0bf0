package dev.thrum.database.dialect;

/** A kind of call; each needs its own kind of transaction, or none. */
public enum CallKind {
    /** One statement that reads. */
    QUERY(true),
    /** One statement that writes. */
    UPDATE(false),
    /** One statement that writes and returns rows, which are mapped. */
    RETURNING(false),
    /** Statements that read one snapshot. */
    SNAPSHOT(true),
    /** Statements that take effect together or not at all. */
    TRANSACTION(false),
    /**
     * Like {@link #TRANSACTION}, for work that locks every row its decisions depend on; it may rely only on rows that
     * it has locked.
     */
    LOCKING(false);

    private final boolean reads;

    CallKind(boolean reads) {
        this.reads = reads;
    }

    public boolean reads() {
        return reads;
    }

    /** Whether the database itself undoes it completely when it fails. */
    public boolean isOneStatement() {
        return this == QUERY || this == UPDATE;
    }

    /** Whether several statements may have been run when it fails. */
    public boolean isManyStatements() {
        return this == SNAPSHOT || this == TRANSACTION || this == LOCKING;
    }
}
