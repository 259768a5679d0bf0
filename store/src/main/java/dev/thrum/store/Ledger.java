package dev.thrum.store;

import dev.thrum.database.Database;
import dev.thrum.database.Row;
import dev.thrum.database.dialect.CallKind;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Accounts whose money is neither made nor lost. Safe for concurrent use.
 *
 * <p>Every change of a balance has an entry, and what was decided is kept under the key that the caller chose, in the
 * same transaction: whoever did not get an answer asks again with the same key, and nothing happens twice.
 */
public final class Ledger {
    /** The largest amount and balance: what every reader of JSON takes for the same number (RFC 8259, section 6). */
    public static final long MOST = (1L << 53) - 1;

    private static final int LONGEST_KEY = 255;

    private final Database database;
    private final InstantSource clock;

    public Ledger(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Opens an account with nothing in it. */
    public CompletableFuture<Account> open(String owner) {
        Instant now = now();
        return database.call(
                CallKind.RETURNING,
                session -> session.query(
                                "INSERT INTO accounts (owner, balance, created_at) VALUES (?, 0, ?)"
                                        + " RETURNING 'account', id",
                                row -> new Account(own(row, "account").number(2), owner, 0, now),
                                owner,
                                now)
                        .getFirst());
    }

    public CompletableFuture<Optional<Account>> account(long id) {
        return database.call(
                CallKind.QUERY,
                session -> session.first(
                        "SELECT id, owner, balance, created_at FROM accounts WHERE id = ?", Ledger::account, id));
    }

    /**
     * Carries an operation out, or says what became of it when this key was used first.
     *
     * @param key of the caller's choice, from 1 to 255 characters
     */
    public CompletableFuture<Decision> carryOut(Operation operation, String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(
                    "expected a key of 1 to " + LONGEST_KEY + " characters but was one of " + key.length());
        }
        return database.call(CallKind.LOCKING, new Posting(operation, key, now()));
    }

    /** The entries of an account, the newest first; empty if there is no such account. */
    public CompletableFuture<Optional<List<Entry>>> history(long account, Page page) {
        return database.snapshot(session -> {
            if (session.query("SELECT 1 FROM accounts WHERE id = ?", row -> 1, account)
                    .isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(session.query("""
                    SELECT e.id, o.kind, e.amount, e.balance, o.created_at,
                           CASE WHEN o.kind <> 'transfer' THEN NULL WHEN e.amount < 0 THEN o.target ELSE o.source END
                      FROM entries e JOIN operations o ON o.id = e.operation_id
                     WHERE e.account_id = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?""", Ledger::entry, account, page.below(), page.limit()));
        });
    }

    /** Adds every account up against its history, at one moment. */
    public CompletableFuture<Audit> check() {
        return database.snapshot(LedgerCheck::run);
    }

    /**
     * Forgets the keys that were used before this moment, and what was refused then; at most so many, so that no other
     * write waits long.
     *
     * @return how many
     */
    public CompletableFuture<Integer> forgetKeys(Duration age, int most) {
        Instant before = now().minus(age);
        return database.transaction(session -> {
            List<Long> old = session.query(
                    "SELECT id FROM operations WHERE created_at < ? AND idempotency_key IS NOT NULL LIMIT ?",
                    row -> row.number(1),
                    before,
                    most);
            for (long id : old) {
                session.update("UPDATE operations SET idempotency_key = NULL WHERE id = ?", id);
                session.update("DELETE FROM operations WHERE id = ? AND outcome <> ?", id, Posting.DONE);
            }
            return old.size();
        });
    }

    /**
     * A row that begins with the name of the statement which has to have made it. Where a pooler shares sessions, another
     * program's statement can be run instead of ours: it must not be taken for it.
     */
    static Row own(Row row, String statement) throws SQLException {
        String made = row.text(1);
        if (!made.equals(statement)) {
            throw new SQLException("expected the answer of the statement " + statement + " but it was that of " + made
                    + ": is there a pooler that shares sessions?");
        }
        return row;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    static Account account(Row row) throws SQLException {
        return new Account(row.number(1), row.text(2), row.number(3), row.instant(4));
    }

    private static Entry entry(Row row) throws SQLException {
        return new Entry(
                row.number(1),
                Operation.Kind.of(row.text(2)),
                row.number(3),
                row.number(4),
                row.optionalNumber(6),
                row.instant(5));
    }
}
