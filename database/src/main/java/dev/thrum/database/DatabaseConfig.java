package dev.thrum.database;

import java.time.Duration;

/**
 * How a database is used.
 *
 * @param threads the most threads, each of which owns a connection; of the embedded database one writes and the others
 *     read, at least one
 * @param capacity the most calls that may wait for a thread, of reads and of writes each
 * @param deadline how long a call may take in all, its wait included
 */
public record DatabaseConfig(Source source, int threads, int capacity, Duration deadline) {
    /** More threads than that a database of this kind is no quicker with. */
    private static final int MOST_THREADS = 100;

    public DatabaseConfig {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "expected from 1 to " + MOST_THREADS + " database threads but was " + threads);
        }
        if (capacity < 1) {
            throw new IllegalArgumentException("expected room for at least 1 waiting call but was " + capacity);
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("expected a deadline of more than zero but was " + deadline);
        }
    }

    /** Up to 5 threads, 1,000 waiting calls, 5 seconds. */
    public static DatabaseConfig of(Source source) {
        return new DatabaseConfig(source, 5, 1_000, Duration.ofSeconds(5));
    }

    public DatabaseConfig withThreads(int most) {
        return new DatabaseConfig(source, most, capacity, deadline);
    }

    public DatabaseConfig withCapacity(int calls) {
        return new DatabaseConfig(source, threads, calls, deadline);
    }

    public DatabaseConfig withDeadline(Duration time) {
        return new DatabaseConfig(source, threads, capacity, time);
    }
}
