package dev.thrum.database;

import java.util.Optional;
import java.util.function.Supplier;

/** How calls become transactions. */
interface TransactionStrategy {
    /**
     * Runs a call, and perhaps some that wait, and answers each of those it has taken.
     *
     * @param waiting gives another call that waits, if there is one
     */
    void run(Call<?> first, ConnectionPool pool, Supplier<Optional<Call<?>>> waiting);
}
