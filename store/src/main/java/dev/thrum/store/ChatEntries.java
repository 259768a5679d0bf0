package dev.thrum.store;

import dev.thrum.database.Database;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The log of a chat in a PostgreSQL database, and the servers that write it. Safe for concurrent use.
 *
 * <p>Entries have consecutive numbers in the order of their commits. The commit of one also tells it to all connections that
 * listen to {@link #CHANNEL}, as its number, a blank and its text. A server that others have removed can append nothing.
 */
public final class ChatEntries {
    /** Where entries are told. */
    public static final String CHANNEL = "thrum_chat";

    /**
     * Maximum size of an entry, in bytes of UTF-8. PostgreSQL takes a payload of less than 8,000 bytes
     * (https://www.postgresql.org/docs/current/sql-notify.html), and the number has at most 19 digits.
     */
    public static final int MOST_BYTES = 7_900;

    private static final String APPEND = ", place AS (UPDATE chat_log SET last = last + 1 FROM mine RETURNING last)"
            + " INSERT INTO chat_entries (number, entry) SELECT last, CAST(? AS TEXT) FROM place"
            + " CROSS JOIN LATERAL pg_notify('" + CHANNEL + "', last || ' ' || CAST(? AS TEXT))";

    private static final String OF_SERVER =
            "WITH mine AS (UPDATE chat_servers SET appended = appended + 1, beat = beat + 1"
                    + " WHERE id = ? AND appended = ? RETURNING id)" + APPEND;

    private static final String OF_REMOVAL =
            "WITH mine AS (DELETE FROM chat_servers WHERE id = ? AND beat >= ? AND beat <= ? RETURNING id)" + APPEND;

    private final Database database;

    /** An entry, and its number. */
    public record Entry(long number, String text) {}

    /**
     * A server of the chat.
     *
     * @param beat another one after each {@link ChatEntries#beat}, and after each entry that it appends
     */
    public record Server(long id, long beat) {}

    /** The log in this database, which must be a PostgreSQL server's. */
    public ChatEntries(Database database) {
        this.database = database;
    }

    /** Adds a server; returns its number, which no other has or had. */
    public CompletableFuture<Long> addServer() {
        return database.updateReturning(
                        "INSERT INTO chat_servers (appended) VALUES (0) RETURNING id", row -> row.number(1))
                .thenApply(List::getFirst);
    }

    /**
     * Appends an entry. May be repeated if the result is unknown: {@link #appended} tells whether an earlier try has worked.
     *
     * @param number how many entries the server has appended before
     * @return 1 if it was appended; 0 if it was appended before, or the server was removed
     * @throws IllegalArgumentException if it is larger than {@link #MOST_BYTES}
     */
    public CompletableFuture<Integer> append(long server, long number, String text) {
        return database.update(OF_SERVER, server, number, checked(text), text);
    }

    private static String checked(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "expected an entry of at most " + MOST_BYTES + " bytes but it had " + bytes);
        }
        return text;
    }

    /** How many entries a server has appended; empty if it was removed. */
    public CompletableFuture<OptionalLong> appended(long server) {
        return database.query("SELECT appended FROM chat_servers WHERE id = ?", row -> row.number(1), server)
                .thenApply(rows -> rows.stream().mapToLong(Long::longValue).findFirst());
    }

    /** Records that a server runs; returns 0 if it was removed. */
    public CompletableFuture<Integer> beat(long server) {
        return database.update("UPDATE chat_servers SET beat = beat + 1 WHERE id = ?", server);
    }

    /** All servers of the chat. */
    public CompletableFuture<List<Server>> servers() {
        return database.query(
                "SELECT id, beat FROM chat_servers ORDER BY id", row -> new Server(row.number(1), row.number(2)));
    }

    /**
     * Removes a server that has not beaten since it was seen like this, and appends an entry that says so.
     *
     * @return 1, or 0 if it has beaten or was removed
     */
    public CompletableFuture<Integer> remove(Server seen, String text) {
        return database.update(OF_REMOVAL, seen.id(), seen.beat(), seen.beat(), checked(text), text);
    }

    /** Removes a server that ends, and appends an entry that says so. */
    public CompletableFuture<Integer> remove(long server, String text) {
        return database.update(OF_REMOVAL, server, 0, Long.MAX_VALUE, checked(text), text);
    }

    /** The entries after this one, in order: at most so many. */
    public CompletableFuture<List<Entry>> after(long number, int most) {
        return database.query(
                "SELECT number, entry FROM chat_entries WHERE number > ? ORDER BY number LIMIT ?",
                row -> new Entry(row.number(1), row.text(2)),
                number,
                most);
    }

    /** The state that was saved last, with the number of the last entry that it contains. */
    public CompletableFuture<Entry> state() {
        return database.query("SELECT number, state FROM chat_states", row -> new Entry(row.number(1), row.text(2)))
                .thenApply(List::getFirst);
    }

    /**
     * Saves a state, unless a newer one is there, and deletes the entries before it except for the last ones.
     *
     * @param kept how many entries up to this state are kept
     * @return the number of entries deleted
     */
    public CompletableFuture<Integer> save(Entry state, long kept) {
        return database.update(
                        "UPDATE chat_states SET number = ?, state = ? WHERE number < ?",
                        state.number(),
                        state.text(),
                        state.number())
                .thenCompose(_ -> database.update("DELETE FROM chat_entries WHERE number <= ?", state.number() - kept));
    }
}
