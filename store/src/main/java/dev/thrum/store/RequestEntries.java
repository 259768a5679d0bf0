package dev.thrum.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.database.Database;
import dev.thrum.database.Session;
import dev.thrum.store.RequestEntry.Asked;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The requests that programs have served. Safe for concurrent use. */
public final class RequestEntries {
    private static final String INSERT =
            "INSERT INTO request_log (writer, number, at, request_id, client, status, bytes, micros, method, target,"
                    + " version, referer, agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (writer, number) DO NOTHING";

    private final Database database;
    private final InstantSource clock;

    public RequestEntries(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Adds requests, all of them or none. Those that this writer has added under the same numbers are left as they are, so it
     * may be tried again when nobody knows whether it was done.
     *
     * @param first the number of the first one; the others have those that follow
     */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> add(String writer, long first, List<RequestEntry> entries) {
        List<RequestEntry> all = List.copyOf(entries);
        return database.transaction(session -> {
            long number = first;
            int added = 0;
            for (RequestEntry entry : all) {
                added += insert(session, writer, number, entry);
                number++;
            }
            return added;
        });
    }

    private static int insert(Session session, String writer, long number, RequestEntry entry) throws SQLException {
        Asked asked = entry.asked();
        return session.update(
                INSERT,
                writer,
                number,
                entry.at().truncatedTo(ChronoUnit.MILLIS),
                entry.id(),
                entry.client(),
                entry.status(),
                entry.bytes(),
                entry.micros(),
                asked == null ? null : asked.method(),
                asked == null ? null : asked.target(),
                asked == null ? null : asked.version(),
                asked == null ? null : asked.referer(),
                asked == null ? null : asked.agent());
    }

    /** Says that this writer could not add so many. */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> addGap(String writer, Instant at, long dropped) {
        return database.update(
                "INSERT INTO request_log_gaps (writer, at, dropped) VALUES (?, ?, ?)",
                writer,
                at.truncatedTo(ChronoUnit.MILLIS),
                dropped);
    }

    /** Forgets requests that are older, the oldest first, at most so many at once; gives how many. */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> forget(Duration age, int most) {
        Instant before = clock.instant().minus(age).truncatedTo(ChronoUnit.MILLIS);
        return database.transaction(session -> {
            int _ = session.update("DELETE FROM request_log_gaps WHERE at < ?", before);
            return session.update(
                    "DELETE FROM request_log WHERE id IN (SELECT id FROM request_log WHERE at < ? ORDER BY at LIMIT ?)",
                    before,
                    most);
        });
    }
}
