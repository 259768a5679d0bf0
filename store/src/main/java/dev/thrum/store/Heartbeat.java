package dev.thrum.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A program's entry in the database's list of running programs, renewed periodically. Safe for concurrent use.
 *
 * <p>Each beat is a write, so it also detects a database that can be read but not written, and when it works again.
 *
 * <p>A program that was killed can't remove its entry. So only programs seen within the last {@value #MISSED} periods count
 * as running. Each program writes its own time, so the clocks of programs on several machines must agree to within that.
 */
public final class Heartbeat {
    /** A program whose last beat is older than this many periods counts as ended. */
    public static final int MISSED = 3;

    private final Database database;
    private final InstantSource clock;
    private final Supplier<String> naming;
    private final Duration period;
    private final Instant started;

    /** Set by the first beat; null before. */
    private volatile @Nullable String name;

    /** Held while a call is submitted, never while waiting for one. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The call of the last beat. */
    @GuardedBy("lock")
    private CompletableFuture<Integer> last = CompletableFuture.completedFuture(0);

    /** The removal of the entry; null before the end. */
    @GuardedBy("lock")
    private @Nullable CompletableFuture<Integer> end;

    /**
     * A program's entry, as others see it.
     *
     * @param last the time of its last beat
     */
    public record Seen(String name, Instant started, Instant last) {}

    /**
     * Creates a heartbeat; its first beat registers the program.
     *
     * @param naming supplies the name of the program: always the same, and unique among the programs that share the
     *     database. It may be slow; it is called on the thread that calls {@link #beat} first
     * @param period the time between two beats, the same for all programs
     */
    public Heartbeat(Database database, InstantSource clock, Supplier<String> naming, Duration period) {
        this.database = database;
        this.clock = clock;
        this.naming = naming;
        this.period = period;
        this.started = now();
    }

    /**
     * Records that the program is running; does nothing after {@link #end}. Cancelling the future has no effect.
     *
     * @return 1 if it was written, 0 if this heartbeat has ended
     */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> beat() {
        String own = name == null ? naming.get() : name;
        name = own;
        lock.lock();
        try {
            if (end != null) {
                return CompletableFuture.completedFuture(0);
            }
            last = database.update(
                    "INSERT INTO servers (name, started_at, seen_at) VALUES (?, ?, ?)"
                            + " ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at,"
                            + " seen_at = excluded.seen_at",
                    own,
                    started,
                    now());
            return last.copy();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the program's entry, after any beat in flight, and prevents further beats.
     *
     * @return the number of entries removed; later calls return the same future
     */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> end() {
        lock.lock();
        try {
            if (end == null) {
                String own = name;
                // On PostgreSQL calls overtake each other: a beat that runs later would register the program again.
                end = own == null
                        ? CompletableFuture.completedFuture(0)
                        : last.handle((_, _) -> 0)
                                .thenCompose(_ -> database.update("DELETE FROM servers WHERE name = ?", own));
            }
            return end;
        } finally {
            lock.unlock();
        }
    }

    /** Removes the entries of programs that have not been seen for this long, so must have ended without removing them. */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> forgetSilent(Duration silence) {
        return database.update("DELETE FROM servers WHERE seen_at < ?", now().minus(silence));
    }

    /** The programs that use the database now, the most recently seen first; at most 1,000. Includes this one after a beat. */
    public CompletableFuture<List<Seen>> servers() {
        return database.query(
                "SELECT name, started_at, seen_at FROM servers WHERE seen_at >= ?"
                        + " ORDER BY seen_at DESC, name LIMIT 1000",
                row -> new Seen(row.text(1), row.instant(2), row.instant(3)),
                now().minus(period.multipliedBy(MISSED)));
    }

    /** The number of these programs other than this one. */
    public long others(List<Seen> servers) {
        String own = name;
        return servers.stream().filter(seen -> !seen.name().equals(own)).count();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
