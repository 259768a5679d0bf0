package dev.thrum.database;

import static dev.thrum.database.Waits.failure;
import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Deadline;
import dev.thrum.database.DatabaseException.Reason;
import dev.thrum.database.dialect.CallKind;
import dev.thrum.database.dialect.Dialect;
import dev.thrum.testkit.LeakCheck;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Transactions whose code ends them or begins another, with any spelling of the statement: nothing is done twice. */
@ExtendWith({PostgresServer.class, LeakCheck.class})
final class StrayEndTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String TABLE = "CREATE TABLE notes (id INTEGER, words TEXT)";
    private static final String INSERT = "INSERT INTO notes (id, words) VALUES (?, 'w')";

    /** Text that can precede a keyword without changing its meaning. */
    private static final List<String> PREFIXES =
            List.of("", " ", "/* x */ ", "-- x\n", "; ", "\uFEFF", "/* -- */ ;\n;-- */\n\t");

    private final Path folder;
    private final Site sqlite;

    StrayEndTest(@TempDir Path folder) {
        this.folder = folder;
        sqlite = new Site(Kind.SQLITE, folder);
    }

    @AfterEach
    void close() {
        sqlite.close();
    }

    private static Stream<String> controls() {
        return Stream.of("COMMIT", "rollback", "END", "BEGIN", "SAVEPOINT x", "Release call", "ROLLBACK TO call")
                .flatMap(word -> PREFIXES.stream().map(prefix -> prefix + word));
    }

    private static CompletableFuture<Integer> ending(Database database, int id, String control) {
        return database.transaction(session -> {
            session.update(INSERT, id);
            return session.update(control);
        });
    }

    @Test
    void controlStatementIsRefused_andTheOtherCallsOfItsGroupAreDoneOnce() {
        Database database = sqlite.open(config -> config.withDeadline(LONG));
        get(database.update(TABLE));
        controls().forEach(control -> {
            List<CompletableFuture<Integer>> refused;
            List<CompletableFuture<Integer>> others;
            try (Held _ = Held.writer(database)) {
                CompletableFuture<Integer> before = database.update(INSERT, 1);
                refused = List.of(ending(database, 2, control), database.update(control));
                others = List.of(
                        before, database.update(INSERT, 3), database.transaction(session -> session.update(INSERT, 4)));
            }
            others.forEach(call -> assertThat(get(call)).isEqualTo(1));
            assertThat(refused)
                    .as(control)
                    .allSatisfy(call -> assertThat(failure(call).reason()).isEqualTo(Reason.FAILED));
            assertThat(get(database.updateReturning("DELETE FROM notes RETURNING id", row -> row.number(1))))
                    .as(control)
                    .containsExactlyInAnyOrder(1L, 3L, 4L);
        });
    }

    @Test
    void controlStatementOnPostgresqlIsRefused_andItsTransactionHasNoEffect() {
        try (Site site = new Site(Kind.POSTGRESQL, folder)) {
            Database database = site.open(config -> config.withDeadline(LONG));
            get(database.update(TABLE));
            controls().forEach(control -> {
                assertThat(failure(ending(database, 2, control)).reason())
                        .as(control)
                        .isEqualTo(Reason.FAILED);
                assertThat(failure(database.update(control)).reason()).isEqualTo(Reason.FAILED);
            });
            assertThat(site.number("SELECT COUNT(*) FROM notes")).isZero();
        }
    }

    /** A statement that only the server can parse correctly is detected afterwards. */
    @Test
    void callIsInDoubt_whenPostgresqlHasEndedTheTransaction() {
        try (Site site = new Site(Kind.POSTGRESQL, folder)) {
            Database database = site.open(config -> config.withDeadline(LONG).withThreads(1));
            get(database.update(TABLE));
            for (String control : List.of(
                    "/* /* */ */ COMMIT",
                    "/* /* */ */ ROLLBACK",
                    "/* /* */ */ COMMIT AND CHAIN",
                    "DELETE FROM notes WHERE id < 0; COMMIT",
                    "DELETE FROM notes WHERE id < 0; COMMIT; BEGIN")) {
                DatabaseException ended = failure(database.transaction(session -> {
                    session.update(INSERT, 1);
                    session.update(control);
                    return session.update(INSERT, 2);
                }));
                assertThat(ended.reason()).as(control).isEqualTo(Reason.UNKNOWN);
                assertThat(ended).hasMessageContaining("let the work return or throw");
                assertThat(site.number("SELECT COUNT(*) FROM notes WHERE id = 2"))
                        .isZero();
            }
            assertThat(failure(database.update("/* /* */ */ BEGIN")).reason()).isEqualTo(Reason.UNKNOWN);
            assertThat(get(database.update(INSERT, 3))).isEqualTo(1);
            assertThat(site.number("SELECT COUNT(*) FROM notes WHERE id = 3")).isEqualTo(1);
        }
    }

    /** As if the early check had a gap: SQLite reports what has happened to the transaction. */
    @Test
    void groupIsNotRunAgain_whenACallCommittedIt_butIsWhenACallRolledItBack() throws InterruptedException {
        sqlite.open().close();
        sqlite.execute(TABLE);
        DatabaseExecutor executor = new DatabaseExecutor(
                new DatabaseExecutor.Shape("thrum-db-writer", false, 1, 100, LONG),
                withoutCheck(sqlite.source().dialect()),
                new GroupCommit(new DatabaseCounters(), LONG));
        try {
            for (CallKind kind : List.of(CallKind.TRANSACTION, CallKind.UPDATE)) {
                sqlite.execute("DELETE FROM notes");
                List<Call<Integer>> commit = group(executor, kind, "COMMIT");
                assertThat(failure(commit.get(0).future()).reason()).isEqualTo(Reason.UNKNOWN);
                assertThat(failure(commit.get(1).future()).reason()).isEqualTo(Reason.UNKNOWN);
                assertThat(get(commit.get(2).future())).isEqualTo(1);
                assertThat(sqlite.number("SELECT COUNT(*) FROM notes WHERE id = 1"))
                        .isEqualTo(1);
                assertThat(sqlite.number("SELECT COUNT(*) FROM notes WHERE id = 3"))
                        .isEqualTo(1);

                sqlite.execute("DELETE FROM notes");
                List<Call<Integer>> rollback = group(executor, kind, "ROLLBACK");
                assertThat(get(rollback.get(0).future())).isEqualTo(1);
                assertThat(failure(rollback.get(1).future())).hasMessageContaining("let the work return or throw");
                assertThat(get(rollback.get(2).future())).isEqualTo(1);
                assertThat(sqlite.number("SELECT COUNT(*) FROM notes")).isEqualTo(2);
            }
        } finally {
            executor.giveUp();
            assertThat(executor.awaitEnd(Deadline.in(LONG))).isTrue();
        }
    }

    /** Three calls that share a transaction; the second, of the given kind, tries to end it. */
    private static List<Call<Integer>> group(DatabaseExecutor executor, CallKind kind, String control) {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        assertThat(executor.offer(new Call<>(
                        CallKind.TRANSACTION,
                        _ -> {
                            begun.countDown();
                            Waits.await(held);
                            return 0;
                        },
                        LONG)))
                .isTrue();
        Waits.await(begun);
        Call<Integer> before = new Call<>(CallKind.TRANSACTION, session -> session.update(INSERT, 1), LONG);
        Call<Integer> ending = new Call<>(
                kind,
                session -> {
                    session.update(INSERT, 2);
                    return session.update(control);
                },
                LONG);
        Call<Integer> after = new Call<>(CallKind.UPDATE, session -> session.update(INSERT, 3), LONG);
        List<Call<Integer>> calls = List.of(before, ending, after);
        calls.forEach(call -> assertThat(executor.offer(call)).isTrue());
        held.countDown();
        return calls;
    }

    /** The same dialect, but it accepts every statement. */
    private static Dialect withoutCheck(Dialect dialect) {
        return (Dialect) Proxy.newProxyInstance(
                Dialect.class.getClassLoader(), new Class<?>[] {Dialect.class}, (_, method, arguments) -> {
                    try {
                        return method.getName().equals("isControl") ? false : method.invoke(dialect, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
