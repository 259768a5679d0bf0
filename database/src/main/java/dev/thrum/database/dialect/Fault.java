package dev.thrum.database.dialect;

/**
 * The meaning of a database error.
 *
 * @param remedy for an operator, for the log; empty if the statement is wrong
 */
public record Fault(Kind kind, String remedy) {
    static final Fault STATEMENT = new Fault(Kind.STATEMENT, "");
    static final Fault RACE = new Fault(Kind.RACE, "");
    static final Fault TIMEOUT = new Fault(Kind.TIMEOUT, "");

    public enum Kind {
        /** The statement is wrong or breaks a constraint; the connection is as good as before. */
        STATEMENT,
        /** A conflict with another transaction; a second try may succeed. */
        RACE,
        /** The statement took too long, or was interrupted because of that. */
        TIMEOUT,
        /** The database can't work; the connection is given up. */
        UNAVAILABLE
    }

    static Fault unavailable(String remedy) {
        return new Fault(Kind.UNAVAILABLE, remedy);
    }

    /** Whether only the statement failed, and its transaction can go on from a savepoint. */
    public boolean isOfStatement() {
        return kind == Kind.STATEMENT;
    }
}
