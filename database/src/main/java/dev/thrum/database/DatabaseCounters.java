package dev.thrum.database;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a database, written by its threads and callers. */
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

    /** Counts a commit that held this many calls. */
    void committed(int calls) {
        commits.increment();
        committed.add(calls);
    }

    void retried() {
        retries.increment();
    }

    DatabaseStats stats(int threads, int running, int waiting, Duration oldest) {
        return new DatabaseStats(
                threads,
                running,
                waiting,
                oldest,
                calls.sum(),
                overloaded.sum(),
                commits.sum(),
                committed.sum(),
                retries.sum());
    }
}
