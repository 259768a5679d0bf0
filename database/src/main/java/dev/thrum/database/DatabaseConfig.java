package dev.thrum.database;

import dev.thrum.base.DurationText;
import java.time.Duration;

/**
 * The configuration of a {@link Database}.
 *
 * @param threads maximum number of threads, from 1 to 100, each of which owns a connection; of the embedded database
 *     one writes, and the others, at least one, read
 * @param capacity maximum number of calls that may wait for a thread, of reads and of writes each; further calls fail
 *     with {@link DatabaseException.Reason#OVERLOADED}
 * @param deadline maximum time of a call, its wait included
 */
public record DatabaseConfig(Source source, int threads, int capacity, Duration deadline) {
    /** With more threads, no database of these kinds is faster. */
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
            throw new IllegalArgumentException(
                    "expected a deadline of more than zero but was " + DurationText.of(deadline));
        }
    }

    /** The defaults: at most 5 threads, 1,000 waiting calls, and 5 seconds a call. */
    public static DatabaseConfig of(Source source) {
        return new DatabaseConfig(source, 5, 1_000, Duration.ofSeconds(5));
    }

    /** A copy with this maximum number of threads. */
    public DatabaseConfig withThreads(int most) {
        return new DatabaseConfig(source, most, capacity, deadline);
    }

    /** A copy with this maximum number of waiting calls. */
    public DatabaseConfig withCapacity(int calls) {
        return new DatabaseConfig(source, threads, calls, deadline);
    }

    /** A copy with this deadline. */
    public DatabaseConfig withDeadline(Duration time) {
        return new DatabaseConfig(source, threads, capacity, time);
    }
}
