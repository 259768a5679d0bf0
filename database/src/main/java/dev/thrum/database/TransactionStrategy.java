package dev.thrum.database;

import java.util.Optional;
import java.util.function.Supplier;

/** A way to run calls in transactions. */
interface TransactionStrategy {
    /**
     * Runs a call, and perhaps queued ones, and completes the future of each call it takes.
     *
     * @param waiting supplies another queued call, if there is one
     */
    void run(Call<?> first, ThreadConnection own, Supplier<Optional<Call<?>>> waiting);
}
