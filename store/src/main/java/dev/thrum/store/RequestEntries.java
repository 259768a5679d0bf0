package dev.thrum.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.database.Database;
import dev.thrum.database.Session;
import dev.thrum.store.RequestEntry.Head;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The access log in the database: the requests that programs have served. Safe for concurrent use. */
public final class RequestEntries {
    private static final String INSERT =
            "INSERT INTO request_log (writer, number, at, request_id, client, status, bytes, micros, method, target,"
                    + " version, referer, agent, scheme, tls) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (writer, number) DO NOTHING";

    private final Database database;
    private final InstantSource clock;

    public RequestEntries(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Adds requests, all of them or none. Requests that this writer has already added under the same numbers stay as they
     * are, so a call with an unknown result may be repeated.
     *
     * @param first the number of the first request; the others are numbered consecutively
     * @return the number of requests added
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
        Head head = entry.head();
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
                head == null ? null : head.method(),
                head == null ? null : head.target(),
                head == null ? null : head.version(),
                head == null ? null : head.referer(),
                head == null ? null : head.agent(),
                head == null ? null : head.scheme(),
                head == null ? null : head.tls());
    }

    /** Records that this writer dropped this many requests. */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> addGap(String writer, Instant at, long dropped) {
        return database.update(
                "INSERT INTO request_log_gaps (writer, at, dropped) VALUES (?, ?, ?)",
                writer,
                at.truncatedTo(ChronoUnit.MILLIS),
                dropped);
    }

    /**
     * Deletes requests that are older than this, the oldest first.
     *
     * @param most the maximum number of requests to delete
     * @return the number of requests deleted
     */
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
