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
 * A ledger of accounts, in which no money is created or lost. Safe for concurrent use.
 *
 * <p>Every change of a balance has an entry, and every decision is stored under the idempotency key that the caller
 * chose, in the same transaction. A caller that does not learn the result repeats the operation with the same key, and
 * nothing happens twice.
 */
public final class Ledger {
    /** The largest amount and balance: every JSON parser reads numbers up to it exactly (RFC 8259, section 6). */
    public static final long MOST = (1L << 53) - 1;

    private static final int LONGEST_KEY = 255;

    private final Database database;
    private final InstantSource clock;

    public Ledger(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Opens an account with balance 0. */
    public CompletableFuture<Account> open(String owner) {
        Instant now = now();
        return database.call(
                CallKind.RETURNING,
                session -> session.query(
                                "INSERT INTO accounts (owner, balance, created_at) VALUES (?, 0, ?)"
                                        + " RETURNING 'account', id",
                                row -> new Account(resultOf("account", row).number(2), owner, 0, now),
                                owner,
                                now)
                        .getFirst());
    }

    /** The account with this id, if it exists. */
    public CompletableFuture<Optional<Account>> account(long id) {
        return database.call(
                CallKind.QUERY,
                session -> session.first(
                        "SELECT id, owner, balance, created_at FROM accounts WHERE id = ?", Ledger::account, id));
    }

    /**
     * Carries out an operation, or returns the earlier decision if this key was used before.
     *
     * @param key the idempotency key, chosen by the caller; from 1 to 255 characters
     */
    public CompletableFuture<Decision> carryOut(Operation operation, String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(
                    "expected a key of 1 to " + LONGEST_KEY + " characters but it has " + key.length());
        }
        return database.call(CallKind.LOCKING, new Posting(operation, key, now()));
    }

    /** The entries of an account, the newest first; empty if the account does not exist. */
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

    /** Checks every account against its history, at one moment. */
    public CompletableFuture<Audit> check() {
        return database.snapshot(LedgerCheck::run);
    }

    /**
     * Deletes keys that are older than this, and the refusals stored under them.
     *
     * @param most the maximum number of keys to delete, so that no other write waits long
     * @return the number of keys deleted
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
     * A result row, after a check that its first column is the name of this statement. If a pooler shares sessions,
     * another program's statement can run instead of ours, and its result must not be mistaken for ours.
     */
    static Row resultOf(String statement, Row row) throws SQLException {
        String actual = row.text(1);
        if (!actual.equals(statement)) {
            throw new SQLException("expected the result of the statement " + statement + " but it was that of " + actual
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
