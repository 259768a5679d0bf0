package dev.thrum.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A program's sign of life in the database, beside those of the others that share it. Safe for concurrent use.
 *
 * <p>It is a write, so a database that can be read and not written is found out too, and found to work again.
 */
public final class Heartbeat {
    private final Database database;
    private final InstantSource clock;
    private final String name;
    private final Instant started;

    /** A program as others see it. */
    public record Seen(String name, Instant started, Instant last) {}

    /**
     * Creates it; the first beat makes the program known.
     *
     * @param name of the program, which no other has, dead ones included
     */
    public Heartbeat(Database database, InstantSource clock, String name) {
        this.database = database;
        this.clock = clock;
        this.name = name;
        this.started = now();
    }

    @CanIgnoreReturnValue
    public CompletableFuture<Integer> beat() {
        return database.update(
                "INSERT INTO servers (name, started_at, seen_at) VALUES (?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at, seen_at = excluded.seen_at",
                name,
                started,
                now());
    }

    /** Takes the program off the list. */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> end() {
        return database.update("DELETE FROM servers WHERE name = ?", name);
    }

    /** Takes those off the list that have not been seen for so long. */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> forgetSilent(Duration silence) {
        return database.update("DELETE FROM servers WHERE seen_at < ?", now().minus(silence));
    }

    /** Who uses the database, the one seen last first. */
    public CompletableFuture<List<Seen>> servers() {
        return database.query(
                "SELECT name, started_at, seen_at FROM servers ORDER BY seen_at DESC, name LIMIT 1000",
                row -> new Seen(row.text(1), row.instant(2), row.instant(3)));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
