package dev.thrum.store;

/** The result of an operation. Repeating an operation with the same key gives the same result, however often. */
public sealed interface Decision {
    /** The operation was carried out. The account is as the operation left it. */
    record Done(Account account) implements Decision {}

    /** The transfer was carried out. */
    record Moved(Transfer transfer) implements Decision {}

    /** The operation was refused, and nothing has changed. */
    record Refused(Refusal why) implements Decision {}

    /** The key belongs to a different operation; nothing was done. */
    record KeyTaken() implements Decision {}

    /** The reason why an operation was refused. */
    enum Refusal {
        /** The source account does not exist. */
        UNKNOWN_SOURCE,
        /** The target account does not exist. */
        UNKNOWN_TARGET,
        /** The balance of the source account is less than the amount. */
        INSUFFICIENT,
        /** The balance of the target account would exceed {@link Ledger#MOST}. */
        TOO_MUCH
    }
}
