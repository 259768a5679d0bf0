package dev.thrum.store;

/** What became of an operation; the same for the same key, however often it is asked for. */
public sealed interface Decision {
    /** It was done. The account is as the operation left it. */
    record Done(Account account) implements Decision {}

    /** The money was moved. */
    record Moved(Transfer transfer) implements Decision {}

    /** It was not done, and nothing has changed. */
    record Refused(Refusal why) implements Decision {}

    /** The key belongs to another operation; nothing was done. */
    record KeyTaken() implements Decision {}

    /** Why it was not done. */
    enum Refusal {
        /** The account the money was to come from does not exist. */
        UNKNOWN_SOURCE,
        /** The account the money was to go to does not exist. */
        UNKNOWN_TARGET,
        /** There is less in the account than was to go from it. */
        INSUFFICIENT,
        /** There would be more in the account than {@link Ledger#MOST}. */
        TOO_MUCH
    }
}
