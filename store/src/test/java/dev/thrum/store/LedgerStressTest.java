package dev.thrum.store;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.database.Database;
import dev.thrum.database.Kind;
import dev.thrum.database.PostgresServer;
import dev.thrum.database.Site;
import dev.thrum.testkit.LeakCheck;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many clients at once on few accounts: no money is created or lost, at any moment. */
@ExtendWith({PostgresServer.class, LeakCheck.class})
@ParameterizedClass
@EnumSource(Kind.class)
final class LedgerStressTest {
    private static final int CLIENTS = 64;
    private static final int ACCOUNTS = 10;
    private static final int MOST_MINUTES = 5;

    private final Site site;
    private final int operations;

    /** The decision for each key: always the same one, whichever clients request it and how often. */
    private final Map<String, Decision> decisions = new ConcurrentHashMap<>();

    private final Map<String, Operation> requested = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    LedgerStressTest(Kind kind, @TempDir Path folder) {
        site = new Site(kind, folder);
        boolean soak = Boolean.getBoolean("thrum.soak");
        operations = soak || kind == Kind.SQLITE ? 50_000 : 6_000;
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void noMoneyIsCreatedOrLost_whenManyMoveItAtOnce() throws InterruptedException {
        Database database = site.open(config -> config.withDeadline(Duration.ofSeconds(30)));

        stress(List.of(database), operations);

        if (site.kind() == Kind.SQLITE) {
            assertThat(database.stats().commits()).isLessThan(database.stats().committed() / 2);
        }
    }

    @Test
    void noMoneyIsCreatedOrLost_whenTwoServersShareADatabase() throws InterruptedException {
        List<Database> databases = List.of(
                site.open(config -> config.withDeadline(Duration.ofSeconds(30))),
                site.open(config -> config.withDeadline(Duration.ofSeconds(30))));

        stress(databases, operations / 5);
    }

    private void stress(List<Database> databases, int count) throws InterruptedException {
        List<Ledger> ledgers = databases.stream()
                .map(database -> new Ledger(database, InstantSource.system()))
                .toList();
        List<Long> accounts = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            accounts.add(get(ledgers.getFirst().open("Owner " + i)).id());
        }
        CountDownLatch clients = new CountDownLatch(CLIENTS);
        for (int client = 0; client < CLIENTS; client++) {
            Random random = new Random(client);
            Ledger ledger = ledgers.get(client % ledgers.size());
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < count / CLIENTS; i++) {
                        oneOperation(ledger, accounts, random, count);
                    }
                } catch (RuntimeException | Error e) {
                    failures.add(e);
                } finally {
                    clients.countDown();
                }
            });
        }
        int snapshots = 0;
        do {
            assertSound(databases.get(snapshots % databases.size()));
            snapshots++;
        } while (!clients.await(20, TimeUnit.MILLISECONDS) && snapshots < MOST_MINUTES * 60 * 50);

        assertThat(failures).isEmpty();
        assertThat(clients.getCount()).isZero();
        assertThat(snapshots).isGreaterThan(3);
        assertAddsUp(ledgers.getFirst(), accounts);
        assertSound(databases.getFirst());
    }

    /** Requests an operation, sometimes twice at once or with a key that another client uses, too. */
    private void oneOperation(Ledger ledger, List<Long> accounts, Random random, int count) {
        String key = random.nextInt(10) == 0 ? "shared " + random.nextInt(count / 20) : "own " + random.nextLong();
        Operation operation = requested.computeIfAbsent(key, _ -> anyOperation(accounts, random));
        List<CompletableFuture<Decision>> futures = new ArrayList<>();
        for (int times = random.nextInt(8) == 0 ? 2 : 1; times > 0; times--) {
            futures.add(ledger.carryOut(operation, key));
        }
        for (CompletableFuture<Decision> future : futures) {
            Decision decision = get(future);
            Decision before = decisions.putIfAbsent(key, decision);
            assertThat(decision).isEqualTo(before == null ? decision : before);
        }
    }

    private static Operation anyOperation(List<Long> accounts, Random random) {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        long amount = 1L + random.nextInt(200);
        return switch (random.nextInt(4)) {
            case 0 -> Operation.deposit(accounts.get(to), amount);
            case 1 -> Operation.withdrawal(accounts.get(from), amount);
            default -> Operation.transfer(accounts.get(from), accounts.get(to), amount);
        };
    }

    /** In one snapshot, every balance matches its history, and their sum matches the deposits less the withdrawals. */
    private static void assertSound(Database database) {
        Audit audit = get(database.snapshot(session -> {
            Audit result = LedgerCheck.run(session);
            long expected = session.query("""
                            SELECT COALESCE(SUM(CASE kind WHEN 'deposit' THEN amount WHEN 'withdrawal' THEN -amount ELSE 0 END), 0)
                              FROM operations WHERE outcome = 'done'""", row -> row.number(1)).getFirst();
            assertThat(result.total()).isEqualTo(BigInteger.valueOf(expected));
            return result;
        }));
        assertThat(audit.differences()).isEmpty();
    }

    /** Every balance is the sum of the acknowledged operations. */
    private void assertAddsUp(Ledger ledger, List<Long> accounts) {
        for (long account : accounts) {
            long expected = 0;
            for (Map.Entry<String, Decision> decision : decisions.entrySet()) {
                Operation operation = Objects.requireNonNull(requested.get(decision.getKey()));
                if (!(decision.getValue() instanceof Decision.Refused)) {
                    expected += operation.target().orElse(0) == account ? operation.amount() : 0;
                    expected -= operation.source().orElse(0) == account ? operation.amount() : 0;
                }
            }
            assertThat(get(ledger.account(account)).orElseThrow().balance()).isEqualTo(expected);
        }
        assertThat(decisions.values()).noneMatch(Decision.KeyTaken.class::isInstance);
        assertThat(decisions.values()).anyMatch(Decision.Refused.class::isInstance);
        assertThat(site.number("SELECT COUNT(*) FROM operations")).isEqualTo(decisions.size());
    }
}
