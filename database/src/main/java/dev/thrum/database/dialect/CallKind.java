package dev.thrum.database.dialect;

/** The kinds of calls: each needs a transaction of its own kind, or none. */
public enum CallKind {
    /** One statement that reads. */
    QUERY(true),
    /** One statement that writes. */
    UPDATE(false),
    /** One statement that writes, and what is made of the rows it gives. */
    RETURNING(false),
    /** Statements that read the state of one moment. */
    SNAPSHOT(true),
    /** Statements that take effect together or not at all. */
    TRANSACTION(false),
    /** The same, of work that itself locks every row it decides about: only what it reads so may it rely on. */
    LOCKING(false);

    private final boolean reads;

    CallKind(boolean reads) {
        this.reads = reads;
    }

    public boolean reads() {
        return reads;
    }

    /** Whether the database takes care by itself that nothing is left of it when it fails. */
    public boolean isOneStatement() {
        return this == QUERY || this == UPDATE;
    }

    /** Whether several statements may have been run when it fails. */
    public boolean isManyStatements() {
        return this == SNAPSHOT || this == TRANSACTION || this == LOCKING;
    }
}
