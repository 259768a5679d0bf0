package dev.thrum.store;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.DatabaseException;
import dev.thrum.database.Pgbouncer;
import dev.thrum.database.PostgresServer;
import dev.thrum.database.Source;
import dev.thrum.database.dialect.Dialect;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL behind a pooler: refused if sessions are shared; if that goes unnoticed, no money is created or lost. */
@ExtendWith({PostgresServer.class, LeakCheck.class})
final class PoolerTest {
    @TempDir
    private Path folder;

    private String name = "";

    @BeforeEach
    void prepare() {
        Pgbouncer.need();
        name = PostgresServer.newDatabase();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 20})
    void poolerInTransactionMode_isRefusedAtStart_withTheRemedy(int pool) throws IOException {
        try (Pgbouncer pooler = Pgbouncer.start(folder, "transaction", pool)) {
            for (int i = 0; i < 3; i++) {
                DatabaseException refused = catchThrowableOfType(
                        DatabaseException.class,
                        () -> StoreSchema.open(DatabaseConfig.of(pooler.source(name)))
                                .close());
                assertThat(refused.reason()).isEqualTo(DatabaseException.Reason.UNAVAILABLE);
                assertThat(refused)
                        .hasMessageContaining("set its pool_mode to session, or name the server's own address");
            }
        }
    }

    @Test
    void poolerInSessionMode_isUsed() throws IOException {
        try (Pgbouncer pooler = Pgbouncer.start(folder, "session", 10);
                Database database = StoreSchema.open(DatabaseConfig.of(pooler.source(name)))) {
            assertThat(get(new Ledger(database, InstantSource.system()).open("Ann"))
                            .id())
                    .isEqualTo(1);
        }
    }

    /** As if the check at the start had not noticed the pooler. */
    @Test
    void acknowledgedDepositsExist_andTheBooksBalance_whenAPoolerSharesSessions() throws IOException {
        try (Pgbouncer pooler = Pgbouncer.start(folder, "transaction", 3);
                Database database = StoreSchema.open(DatabaseConfig.of(
                                new Source(withoutCheck(pooler.source(name).dialect())))
                        .withDeadline(Duration.ofSeconds(5))
                        .withThreads(12))) {
            Ledger ledger = new Ledger(database, InstantSource.system());
            long account = account();
            long acknowledged = 0;
            for (int round = 0; round < 60; round++) {
                List<CompletableFuture<Decision>> deposits = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    deposits.add(ledger.carryOut(
                            Operation.deposit(account, 1), UUID.randomUUID().toString()));
                }
                for (CompletableFuture<Decision> deposit : deposits) {
                    try {
                        acknowledged += deposit.join() instanceof Decision.Done ? 1 : 0;
                    } catch (CompletionException e) {
                        assertThat(e).hasCauseInstanceOf(DatabaseException.class);
                    }
                }
            }
            assertThat(acknowledged).isPositive();
            assertBooksBalance(account, acknowledged);
        }
    }

    private long account() {
        try (Database direct = direct()) {
            return get(new Ledger(direct, InstantSource.system()).open("Ann")).id();
        }
    }

    private void assertBooksBalance(long account, long acknowledged) {
        try (Database direct = direct()) {
            Ledger ledger = new Ledger(direct, InstantSource.system());
            assertThat(get(ledger.check()).differences()).isEmpty();
            assertThat(get(ledger.account(account)).orElseThrow().balance()).isGreaterThanOrEqualTo(acknowledged);
        }
    }

    private Database direct() {
        return StoreSchema.open(DatabaseConfig.of(PostgresServer.source(PostgresServer.port(), name)));
    }

    private static Dialect withoutCheck(Dialect dialect) {
        return (Dialect) Proxy.newProxyInstance(
                Dialect.class.getClassLoader(), new Class<?>[] {Dialect.class}, (_, method, arguments) -> {
                    try {
                        return method.getName().equals("objection")
                                ? Optional.empty()
                                : method.invoke(dialect, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
