package dev.thrum.database;

import static dev.thrum.database.Waits.failure;
import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.testkit.LeakCheck;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What calls do, and what remains when they fail: the same on every database. */
@ExtendWith({PostgresServer.class, LeakCheck.class})
@ParameterizedClass
@EnumSource(Kind.class)
final class DatabaseTest {
    private static final String INSERT = "INSERT INTO notes (id, words) VALUES (?, ?)";

    private final Site site;
    private final Database database;

    DatabaseTest(Kind kind, @TempDir Path folder) {
        site = new Site(kind, folder);
        database = site.open();
    }

    @BeforeEach
    void makeTable() {
        get(database.update("CREATE TABLE notes (id BIGINT NOT NULL PRIMARY KEY, words TEXT UNIQUE, number BIGINT)"));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private List<String> words() {
        return get(database.query("SELECT words FROM notes ORDER BY id", row -> row.text(1)));
    }

    @Test
    void textsThatNoDatabaseCanStore_areRefused() {
        for (String text : List.of("a\0b", "\uD800x", "x\uDC00")) {
            DatabaseException refusal = failure(database.query("SELECT ?", row -> row.text(1), text));
            assertThat(refusal.reason()).isEqualTo(DatabaseException.Reason.FAILED);
            assertThat(refusal).hasMessageContaining("halves of surrogate pairs");
        }
        assertThat(get(database.query("SELECT CAST(? AS TEXT)", row -> row.text(1), "\uD83D\uDE00")))
                .containsExactly("\uD83D\uDE00");
    }

    @Test
    void allRowsAreReturned_whenAMapperRunsTheSameStatementAgain() {
        String sql = "SELECT id FROM notes WHERE id > ? ORDER BY id";
        for (int i = 1; i <= 3; i++) {
            get(database.update(INSERT, i, "w" + i));
        }
        for (int i = 0; i < 3; i++) {
            List<String> rows = get(database.snapshot(session -> session.query(
                    sql,
                    row -> row.number(1) + " before " + session.query(sql, inner -> inner.number(1), row.number(1)),
                    0)));
            assertThat(rows).containsExactly("1 before [2, 3]", "2 before [3]", "3 before []");
        }
    }

    @Test
    void allRowsAreReturned_whenAMapperRunsMoreStatementsThanAreCached() {
        for (int i = 1; i <= 3; i++) {
            get(database.update(INSERT, i, "w" + i));
        }
        List<Long> rows = get(database.snapshot(session -> session.query("SELECT id FROM notes ORDER BY id", row -> {
            for (int i = 0; i < 100; i++) {
                assertThat(session.query("SELECT " + i, inner -> inner.number(1)))
                        .containsExactly((long) i);
            }
            return row.number(1);
        })));
        assertThat(rows).containsExactly(1L, 2L, 3L);
    }

    @Test
    void writtenRowsAreReturned_inTheRequestedOrder() {
        assertThat(get(database.update(INSERT, 1, "one"))).isEqualTo(1);
        assertThat(get(database.update(INSERT, 2L, "two"))).isEqualTo(1);

        assertThat(words()).containsExactly("one", "two");
        assertThat(get(database.update("UPDATE notes SET words = words || '!'")))
                .isEqualTo(2);
        assertThat(get(database.query("SELECT words FROM notes WHERE id = ?", row -> row.text(1), 2)))
                .containsExactly("two!");
        assertThat(get(database.query("SELECT words FROM notes WHERE id = 9", row -> row.text(1))))
                .isEmpty();
    }

    @Test
    void parametersAreStored_andReadBackUnchanged() {
        Instant moment = Instant.parse("2026-11-20T08:24:00.123Z");
        String text = "Grüße, 世界 🧵 '; DROP TABLE notes; --";
        get(database.update("INSERT INTO notes (id, words, number) VALUES (?, ?, ?)", Long.MIN_VALUE, text, null));
        get(database.update("INSERT INTO users (name, email, created_at) VALUES (?, ?, ?)", "", "", moment));

        assertThat(get(database.query(
                        "SELECT id, words, number FROM notes",
                        row -> List.of(
                                row.number(1),
                                row.text(2),
                                row.optionalNumber(3).isEmpty()))))
                .containsExactly(List.of(Long.MIN_VALUE, text, true));
        assertThat(get(database.query(
                        "SELECT created_at FROM users WHERE created_at = ?", row -> row.instant(1), moment)))
                .containsExactly(moment);
        assertThat(get(database.query("SELECT number FROM notes", row -> row.number(1))))
                .containsExactly(0L);
    }

    @Test
    void callIsRefused_whenAParameterHasAnUnsupportedType_andTheMessageNamesIt() {
        DatabaseException refusal = failure(database.update(INSERT, 1, 1.5));

        assertThat(refusal.reason()).isEqualTo(DatabaseException.Reason.FAILED);
        assertThat(refusal).hasMessageContaining("parameter 2").hasMessageContaining("Double");
        assertThat(failure(database.update(INSERT, 1, "a\0b"))).hasMessageContaining("U+0000");
        assertThat(words()).isEmpty();
    }

    @Test
    void callFails_whenARequiredTextIsNull_andTheMessageNamesTheColumn() {
        get(database.update(INSERT, 1, null));

        assertThat(failure(database.query("SELECT words FROM notes", row -> row.text(1))))
                .hasMessageContaining("column 1");
    }

    @Test
    void callFails_whenItsSqlIsWrong_andTheDatabaseHasNoFault() {
        List<DatabaseException> failures = List.of(
                failure(database.query("SELECT nonsense FROM notes", row -> 1)),
                failure(database.update("UPDATE nowhere SET x = 1")),
                failure(database.update(INSERT, 1)),
                failure(database.update("INSERT INTO notes (id) VALUES (NULL)")),
                failure(database.updateReturning("INSERT INTO nowhere (x) VALUES (1) RETURNING x", row -> 1)),
                failure(database.snapshot(session -> session.query("SELEC 1", row -> 1))),
                failure(database.transaction(session -> session.update("DELETE notes"))));

        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure.reason()).isEqualTo(DatabaseException.Reason.FAILED));
        assertThat(database.fault()).isEmpty();
        assertThat(words()).isEmpty();
    }

    @Test
    void updateFailsWithACertainOutcome_whenItViolatesAConstraint() {
        get(database.update(INSERT, 1, "one"));

        assertThat(failure(database.update(INSERT, 2, "one")).reason()).isEqualTo(DatabaseException.Reason.FAILED);
        assertThat(words()).containsExactly("one");
    }

    @Test
    void insertReturnsIds_andTheRowsExist() {
        assertThat(get(database.updateReturning(
                        "INSERT INTO notes (id, words) VALUES (1, 'a'), (2, 'b') RETURNING id", row -> row.number(1))))
                .containsExactlyInAnyOrder(1L, 2L);
        assertThat(words()).containsExactly("a", "b");
    }

    @Test
    void writeIsRolledBack_whenItsMapperThrows() {
        DatabaseException thrown =
                failure(database.updateReturning(INSERT + " RETURNING id", row -> broken(), 1, "one"));
        DatabaseException wrong =
                failure(database.updateReturning(INSERT + " RETURNING number", row -> row.text(1), 2, "two"));

        assertThat(thrown.reason()).isEqualTo(DatabaseException.Reason.FAILED);
        assertThat(wrong.reason()).isEqualTo(DatabaseException.Reason.FAILED);
        assertThat(words()).isEmpty();
    }

    private static int broken() {
        throw new IllegalStateException("on purpose");
    }

    @Test
    void transactionSeesItsOwnWrites_andOthersDoNotUntilItsEnd() {
        CountDownLatch checked = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        var transaction = database.transaction(session -> {
            session.update(INSERT, 1, "one");
            List<String> own = session.query("SELECT words FROM notes", row -> row.text(1));
            written.countDown();
            Waits.await(checked);
            return own;
        });
        Waits.await(written);

        assertThat(words()).isEmpty();
        checked.countDown();
        assertThat(get(transaction)).containsExactly("one");
        assertThat(words()).containsExactly("one");
    }

    @Test
    void snapshotDoesNotChange_whenOthersWriteMeanwhile_andCannotWrite() {
        get(database.update(INSERT, 1, "one"));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(1);
        var counts = database.snapshot(session -> {
            long before = session.query("SELECT COUNT(*) FROM notes", row -> row.number(1))
                    .getFirst();
            begun.countDown();
            Waits.await(changed);
            return List.of(
                    before,
                    session.query("SELECT COUNT(*) FROM notes", row -> row.number(1))
                            .getFirst());
        });
        Waits.await(begun);
        get(database.update(INSERT, 2, "two"));
        changed.countDown();

        assertThat(get(counts)).containsExactly(1L, 1L);
        assertThat(failure(database.snapshot(session -> session.update(INSERT, 3, "three"))))
                .isNotNull();
        assertThat(words()).containsExactly("one", "two");
    }

    @Test
    void transactionIsRolledBack_whenItFails_forAnyReason() {
        get(database.update(INSERT, 1, "one"));
        DatabaseException constraint = failure(database.transaction(session -> {
            session.update(INSERT, 2, "two");
            return session.update(INSERT, 1, "again");
        }));
        DatabaseException exception = failure(database.transaction(session -> {
            session.update(INSERT, 3, "three");
            return broken();
        }));
        DatabaseException error = failure(database.transaction(session -> {
            session.update(INSERT, 4, "four");
            throw new StackOverflowError("on purpose");
        }));

        assertThat(List.of(constraint, exception, error))
                .allSatisfy(failure -> assertThat(failure.reason()).isEqualTo(DatabaseException.Reason.FAILED));
        assertThat(exception).hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(error).hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(words()).containsExactly("one");
    }

    @Test
    void transactionIsRolledBack_whenItCatchesAFailureAndGoesOn_andFailsWithIt() {
        DatabaseException failure = failure(database.transaction(session -> {
            session.update(INSERT, 1, "one");
            Throwable first = catchThrowable(() -> session.update("UPDATE nowhere SET x = 1"));
            Throwable second = catchThrowable(() -> session.update(INSERT, 2, "two"));
            assertThat(second).isSameAs(first);
            return 0;
        }));

        assertThat(failure.reason()).isEqualTo(DatabaseException.Reason.FAILED);
        assertThat(failure).hasMessageContaining("nowhere");
        assertThat(words()).isEmpty();
    }

    @Test
    void sessionCannotBeUsed_afterItsTransactionReturnedOrThrew() {
        AtomicReference<Session> kept = new AtomicReference<>();
        get(database.transaction(session -> {
            kept.set(session);
            return 0;
        }));
        assertThat(catchThrowable(() -> kept.get().update(INSERT, 1, "late")))
                .isInstanceOf(IllegalStateException.class);
        failure(database.transaction(session -> {
            kept.set(session);
            return broken();
        }));
        assertThat(catchThrowable(() -> kept.get().update(INSERT, 1, "late")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(words()).isEmpty();
    }

    @Test
    void allStatementsWork_whenThereAreMoreThanAreCached_alsoWhenRepeated() {
        List<Long> expected = IntStream.range(0, 200).mapToObj(Long::valueOf).toList();

        for (int round = 0; round < 2; round++) {
            assertThat(get(database.transaction(DatabaseTest::manyStatements))).isEqualTo(expected);
            assertThat(get(database.snapshot(DatabaseTest::manyStatements))).isEqualTo(expected);
        }
    }

    private static List<Long> manyStatements(Session session) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            numbers.addAll(session.query("SELECT " + i, row -> row.number(1)));
        }
        return numbers;
    }

    @Test
    void databaseThreadServesTheNextCall_whenATransactionInterruptsIt() {
        for (int i = 0; i < 10; i++) {
            get(database.transaction(session -> {
                Thread.currentThread().interrupt();
                return 0;
            }));
            get(database.snapshot(session -> {
                Thread.currentThread().interrupt();
                return 0;
            }));
        }
        get(database.update(INSERT, 1, "one"));

        assertThat(words()).containsExactly("one");
    }

    @Test
    void firstReturnsTheFirstRow_orNone() {
        get(database.update(INSERT, 1, "one"));

        Optional<String> found =
                get(database.snapshot(session -> session.first("SELECT words FROM notes", row -> row.text(1))));
        Optional<String> missing = get(database.snapshot(
                session -> session.first("SELECT words FROM notes WHERE id = 2", row -> row.text(1))));
        assertThat(found).contains("one");
        assertThat(missing).isEmpty();
    }
}
