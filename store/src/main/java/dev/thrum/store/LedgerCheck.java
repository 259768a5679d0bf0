package dev.thrum.store;

import dev.thrum.database.Session;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The check of the ledger's sums, with one query for each rule. */
final class LedgerCheck {
    private static final int MOST_DIFFERENCES = 100;

    private LedgerCheck() {}

    static Audit run(Session session) throws SQLException {
        List<String> differences = new ArrayList<>();
        differences.addAll(session.query(
                """
                SELECT a.id, a.balance, COALESCE(SUM(e.amount), 0)
                  FROM accounts a LEFT JOIN entries e ON e.account_id = a.id
                 GROUP BY a.id, a.balance HAVING a.balance <> COALESCE(SUM(e.amount), 0)
                 ORDER BY a.id LIMIT ?""",
                row -> "account " + row.number(1) + " has " + row.number(2) + " but its history adds up to "
                        + row.number(3),
                MOST_DIFFERENCES));
        differences.addAll(session.query(
                """
                SELECT id, account_id, balance, total FROM (
                    SELECT id, account_id, balance, SUM(amount) OVER (PARTITION BY account_id ORDER BY id) AS total
                      FROM entries) AS running
                 WHERE balance <> total ORDER BY id LIMIT ?""",
                row -> "entry " + row.number(1) + " of account " + row.number(2) + " has the balance " + row.number(3)
                        + " but the entries up to it add up to " + row.number(4),
                MOST_DIFFERENCES));
        differences.addAll(session.query(
                """
                SELECT o.id, o.kind, o.amount, COUNT(e.id), COALESCE(SUM(e.amount), 0)
                  FROM operations o LEFT JOIN entries e ON e.operation_id = o.id
                 GROUP BY o.id, o.kind, o.amount, o.outcome
                HAVING COUNT(e.id) <> CASE WHEN o.outcome <> 'done' THEN 0 WHEN o.kind = 'transfer' THEN 2 ELSE 1 END
                    OR COALESCE(SUM(e.amount), 0) <> CASE WHEN o.outcome <> 'done' THEN 0 WHEN o.kind = 'deposit' THEN o.amount
                                                          WHEN o.kind = 'withdrawal' THEN -o.amount ELSE 0 END
                 ORDER BY o.id LIMIT ?""",
                row -> "operation " + row.number(1) + ", a " + row.text(2) + " of " + row.number(3) + ", has "
                        + row.number(4) + " entries that add up to " + row.number(5),
                MOST_DIFFERENCES));
        differences.addAll(session.query(
                """
                SELECT e.id, e.account_id, e.amount, o.id
                  FROM entries e JOIN operations o ON o.id = e.operation_id
                 WHERE ABS(e.amount) <> o.amount
                    OR e.account_id <> COALESCE(CASE WHEN e.amount < 0 THEN o.source ELSE o.target END, -1)
                 ORDER BY e.id LIMIT ?""",
                row -> "entry " + row.number(1) + " changes account " + row.number(2) + " by " + row.number(3)
                        + ", which does not match operation " + row.number(4),
                MOST_DIFFERENCES));
        return session.query(
                        """
                        SELECT (SELECT COUNT(*) FROM accounts), (SELECT COUNT(*) FROM entries),
                               (SELECT COALESCE(SUM(balance >> 32), 0) FROM accounts),
                               (SELECT COALESCE(SUM(balance & 4294967295), 0) FROM accounts)""",
                        row -> new Audit(
                                row.number(1),
                                row.number(2),
                                // In two halves, because a sum of large balances can exceed a 64-bit integer.
                                BigInteger.valueOf(row.number(3)).shiftLeft(32).add(BigInteger.valueOf(row.number(4))),
                                differences.subList(0, Math.min(MOST_DIFFERENCES, differences.size()))))
                .getFirst();
    }
}
