package dev.thrum.store;

import dev.thrum.database.Row;
import dev.thrum.database.Session;
import dev.thrum.database.Work;
import dev.thrum.store.Decision.Refusal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of one operation.
 *
 * <p>It locks accounts in the order of their ids and writes its key after that, so postings can't deadlock. A posting
 * that waits for an account holds only accounts with lower ids. A posting that waits for a key waits for the one that
 * wrote the key, and that one has locked all its accounts already.
 */
record Posting(Operation operation, String key, Instant now) implements Work<Decision> {
    /** The outcome of an operation that was carried out. */
    static final String DONE = "done";

    @Override
    public Decision run(Session session) throws SQLException {
        Map<Long, Account> accounts = locked(session);
        Optional<Refusal> refusal = refusal(accounts);
        Optional<Long> id = session.first(
                """
                INSERT INTO operations (idempotency_key, kind, source, target, amount, outcome, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                RETURNING 'operation', id""",
                row -> Ledger.resultOf("operation", row).number(2),
                key,
                operation.kind().label(),
                nullable(operation.source()),
                nullable(operation.target()),
                operation.amount(),
                refusal.map(Posting::label).orElse(DONE),
                now);
        if (id.isEmpty()) {
            return decidedBefore(session);
        }
        if (refusal.isPresent()) {
            return new Decision.Refused(refusal.get());
        }
        List<Account> moved = new ArrayList<>();
        for (Account account : accounts.values()) {
            moved.add(moved(session, id.get(), account));
        }
        return operation.kind() == Operation.Kind.TRANSFER
                ? transferred(id.get(), now)
                : new Decision.Done(moved.getFirst());
    }

    private Map<Long, Account> locked(Session session) throws SQLException {
        Map<Long, Account> accounts = new TreeMap<>();
        long[] ids = Stream.of(operation.source(), operation.target())
                .flatMapToLong(OptionalLong::stream)
                .sorted()
                .toArray();
        for (long id : ids) {
            session.first(
                            "SELECT 'account', id, owner, balance, created_at FROM accounts WHERE id = ?"
                                    + session.rowLock(),
                            row -> locked(Ledger.resultOf("account", row), id),
                            id)
                    .ifPresent(account -> accounts.put(id, account));
        }
        return accounts;
    }

    private static Account locked(Row row, long id) throws SQLException {
        Account account = new Account(row.number(2), row.text(3), row.number(4), row.instant(5));
        if (account.id() != id) {
            throw new SQLException("expected account " + id + " but it was " + account.id());
        }
        return account;
    }

    private Optional<Refusal> refusal(Map<Long, Account> accounts) {
        if (operation.source().isPresent()) {
            Account source = accounts.get(operation.source().getAsLong());
            if (source == null) {
                return Optional.of(Refusal.UNKNOWN_SOURCE);
            }
            if (operation.target().isPresent()
                    && !accounts.containsKey(operation.target().getAsLong())) {
                return Optional.of(Refusal.UNKNOWN_TARGET);
            }
            if (source.balance() < operation.amount()) {
                return Optional.of(Refusal.INSUFFICIENT);
            }
        }
        if (operation.target().isPresent()) {
            Account target = accounts.get(operation.target().getAsLong());
            if (target == null) {
                return Optional.of(Refusal.UNKNOWN_TARGET);
            }
            if (target.balance() > Ledger.MOST - operation.amount()) {
                return Optional.of(Refusal.TOO_MUCH);
            }
        }
        return Optional.empty();
    }

    private Account moved(Session session, long id, Account account) throws SQLException {
        boolean isSource = operation.source().isPresent() && operation.source().getAsLong() == account.id();
        long amount = isSource ? -operation.amount() : operation.amount();
        long balance = account.balance() + amount;
        Written written = new Written(account.id(), balance);
        written.require(session.query(
                "UPDATE accounts SET balance = ? WHERE id = ? RETURNING 'balance', id, balance",
                row -> Written.of(Ledger.resultOf("balance", row)),
                balance,
                account.id()));
        written.require(session.query(
                "INSERT INTO entries (operation_id, account_id, amount, balance) VALUES (?, ?, ?, ?)"
                        + " RETURNING 'entry', account_id, balance",
                row -> Written.of(Ledger.resultOf("entry", row)),
                id,
                account.id(),
                amount,
                balance));
        return new Account(account.id(), account.owner(), balance, account.createdAt());
    }

    /** The row that a statement reports as written; a mere count could be that of another statement. */
    private record Written(long account, long balance) {
        static Written of(Row row) throws SQLException {
            return new Written(row.number(2), row.number(3));
        }

        void require(List<Written> made) throws SQLException {
            if (!made.equals(List.of(this))) {
                throw new SQLException("expected one row, " + this + ", to be written but it was " + made);
            }
        }
    }

    private Decision transferred(long id, Instant at) {
        return new Decision.Moved(new Transfer(
                id, operation.source().orElseThrow(), operation.target().orElseThrow(), operation.amount(), at));
    }

    private record Earlier(Operation operation, String outcome, long id, Instant at) {}

    private Decision decidedBefore(Session session) throws SQLException {
        Optional<Earlier> earlier = session.first(
                "SELECT kind, source, target, amount, outcome, id, created_at FROM operations WHERE idempotency_key = ?",
                row -> new Earlier(
                        new Operation(
                                Operation.Kind.of(row.text(1)),
                                row.optionalNumber(2),
                                row.optionalNumber(3),
                                row.number(4)),
                        row.text(5),
                        row.number(6),
                        row.instant(7)),
                key);
        if (earlier.isEmpty()) {
            throw new SQLException("expected an operation with the key that is taken but there was none");
        }
        if (!earlier.get().operation().equals(operation)) {
            return new Decision.KeyTaken();
        }
        return earlier.get().outcome().equals(DONE)
                ? doneBefore(session, earlier.get())
                : new Decision.Refused(Refusal.valueOf(earlier.get().outcome().toUpperCase(Locale.ROOT)));
    }

    /** The same result as the first time: after a deposit, the account as the deposit left it. */
    private Decision doneBefore(Session session, Earlier earlier) throws SQLException {
        if (operation.kind() == Operation.Kind.TRANSFER) {
            return transferred(earlier.id(), earlier.at());
        }
        return session.first("""
                SELECT a.id, a.owner, e.balance, a.created_at
                  FROM entries e JOIN accounts a ON a.id = e.account_id WHERE e.operation_id = ?""", Ledger::account, earlier.id())
                .map(Decision.Done::new)
                .orElseThrow(() ->
                        new SQLException("expected an entry of operation " + earlier.id() + " but there was none"));
    }

    private static String label(Refusal refusal) {
        return refusal.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Long nullable(OptionalLong id) {
        return id.isPresent() ? (Long) id.getAsLong() : null;
    }
}
