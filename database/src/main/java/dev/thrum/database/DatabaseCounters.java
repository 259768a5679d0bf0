package dev.thrum.database;

import java.util.concurrent.atomic.LongAdder;

/** What a database has done so far; written by its threads and callers. */
final class DatabaseCounters {
    private final LongAdder calls = new LongAdder();
    private final LongAdder overloaded = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final LongAdder committed = new LongAdder();
    private final LongAdder retries = new LongAdder();

    void called() {
        calls.increment();
    }

    void overloaded() {
        overloaded.increment();
    }

    /** A commit that held so many calls. */
    void committed(int calls) {
        commits.increment();
        committed.add(calls);
    }

    void retried() {
        retries.increment();
    }

    DatabaseStats stats(int threads, int running, int waiting) {
        return new DatabaseStats(
                threads,
                running,
                waiting,
                calls.sum(),
                overloaded.sum(),
                commits.sum(),
                committed.sum(),
                retries.sum());
    }
}
