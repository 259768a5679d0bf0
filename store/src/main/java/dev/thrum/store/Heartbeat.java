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
 * A program's sign of life in the database, next to those of the others that share it. Safe for concurrent use.
 *
 * <p>It is a write, so a database that can be read but not written is found out too, and found to work again.
 *
 * <p>A program that was killed can't remove its entry. So only programs seen within the last {@value #MISSED} periods count
 * as running. Each writes its own time: programs on several machines need clocks that agree to within that.
 */
public final class Heartbeat {
    /** A program whose last beat is older than this many periods is taken for ended. */
    public static final int MISSED = 3;

    private final Database database;
    private final InstantSource clock;
    private final Supplier<String> naming;
    private final Duration period;
    private final Instant started;

    /** Set by the first beat; null before. */
    private volatile @Nullable String name;

    /** Held while a call is handed in, never while one is waited for. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The call of the last beat. */
    @GuardedBy("lock")
    private CompletableFuture<Integer> last = CompletableFuture.completedFuture(0);

    /** The removal of the entry; null before the end. */
    @GuardedBy("lock")
    private @Nullable CompletableFuture<Integer> end;

    /** A program as others see it. */
    public record Seen(String name, Instant started, Instant last) {}

    /**
     * Creates it; the first beat registers the program.
     *
     * @param naming gives the name of the program, the same each time and unique among all that share the database; it may
     *     take a while, and is asked by the thread that calls {@link #beat} first
     * @param period how often this program and the others beat
     */
    public Heartbeat(Database database, InstantSource clock, Supplier<String> naming, Duration period) {
        this.database = database;
        this.clock = clock;
        this.naming = naming;
        this.period = period;
        this.started = now();
    }

    /**
     * Writes that the program runs; after {@link #end} it does nothing. Cancelling the future changes nothing.
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
     * Removes the program's entry, after a beat that is under way; there are no beats any more.
     *
     * @return how many entries were removed; the same future again when it is called again
     */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> end() {
        lock.lock();
        try {
            if (end == null) {
                String own = name;
                // On PostgreSQL calls overtake each other: a beat that is carried out later would register the program
                // again.
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

    /** Removes the entries of programs that have not been seen for this long, and so have ended without doing it. */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> forgetSilent(Duration silence) {
        return database.update("DELETE FROM servers WHERE seen_at < ?", now().minus(silence));
    }

    /** The programs that use the database now, this one included if it has beaten; the one seen last first. */
    public CompletableFuture<List<Seen>> servers() {
        return database.query(
                "SELECT name, started_at, seen_at FROM servers WHERE seen_at >= ?"
                        + " ORDER BY seen_at DESC, name LIMIT 1000",
                row -> new Seen(row.text(1), row.instant(2), row.instant(3)),
                now().minus(period.multipliedBy(MISSED)));
    }

    /** How many of these programs are others. */
    public long others(List<Seen> servers) {
        String own = name;
        return servers.stream().filter(seen -> !seen.name().equals(own)).count();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
