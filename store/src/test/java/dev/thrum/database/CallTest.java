package dev.thrum.database;

import static dev.thrum.database.Waits.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thrum.database.DatabaseException.Reason;
import dev.thrum.database.dialect.CallKind;
import dev.thrum.database.dialect.Dialect;
import dev.thrum.testkit.LeakCheck;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which thread begins a call, which gives it up, and which call an interrupt reaches. */
@ExtendWith(LeakCheck.class)
final class CallTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Site site;
    private final Connection connection;
    private final PooledConnection pooled;

    CallTest(@TempDir Path folder) throws SQLException {
        site = new Site(Kind.SQLITE, folder);
        site.open().close();
        Dialect dialect = site.source().dialect();
        connection = dialect.connect(false, LONG);
        pooled = new PooledConnection(dialect, "here", connection);
    }

    @AfterEach
    void close() throws SQLException {
        pooled.close();
        assertThat(connection.isClosed()).isTrue();
        site.close();
    }

    @Test
    void callIsNotRun_whenItWasGivenUpFirst_andItsResultStays() {
        AtomicInteger runs = new AtomicInteger();
        Call<Integer> late = new Call<>(CallKind.TRANSACTION, session -> runs.incrementAndGet(), Duration.ZERO);
        Call<Integer> closed = new Call<>(CallKind.TRANSACTION, session -> runs.incrementAndGet(), LONG);
        late.expireIfLate();
        closed.abandon();

        for (Call<Integer> call : List.of(late, closed)) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> call.run(pooled));
            call.acknowledge();
        }
        assertThat(runs).hasValue(0);
        assertThat(failure(late.future()).reason()).isEqualTo(Reason.EXPIRED);
        assertThat(failure(closed.future()).reason()).isEqualTo(Reason.CLOSED);
    }

    @Test
    void callIsInDoubt_whenItHadBegun_whetherItExpiredOrTheDatabaseClosed() throws SQLException {
        Call<Integer> late = new Call<>(CallKind.TRANSACTION, session -> 1, Duration.ZERO);
        Call<Integer> closed = new Call<>(CallKind.TRANSACTION, session -> 1, LONG);
        late.run(pooled);
        closed.run(pooled);
        late.expireIfLate();
        closed.expireIfLate();
        closed.abandon();
        late.acknowledge();

        assertThat(failure(late.future()).reason()).isEqualTo(Reason.UNKNOWN);
        assertThat(failure(closed.future()).reason()).isEqualTo(Reason.UNKNOWN);
    }

    @Test
    void callIsEitherRunOrRefused_whenItsThreadAndItsDeadlineRace_neverBoth() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            AtomicInteger runs = new AtomicInteger();
            Call<Integer> call = new Call<>(CallKind.TRANSACTION, session -> runs.incrementAndGet(), Duration.ZERO);
            CountDownLatch start = new CountDownLatch(1);
            Thread watch = Thread.ofPlatform().start(() -> {
                start.countDown();
                call.expireIfLate();
            });
            Waits.await(start);
            try {
                call.run(pooled);
            } catch (SQLException e) {
                assertThat(runs).hasValue(0);
            }
            assertThat(watch.join(LONG)).isTrue();

            assertThat(failure(call.future()).reason()).isEqualTo(runs.get() == 0 ? Reason.EXPIRED : Reason.UNKNOWN);
        }
    }

    @Test
    void nextCallIsNotInterrupted_whenThePreviousOneIsLate() throws SQLException {
        Call<Integer> late = new Call<>(CallKind.TRANSACTION, session -> 1, Duration.ZERO);
        late.run(pooled);
        Call<Integer> next = new Call<>(
                CallKind.TRANSACTION,
                session -> {
                    late.expireIfLate();
                    return session.query(
                                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                                            + " SELECT COUNT(*) FROM n",
                                    row -> {
                                        late.expireIfLate();
                                        return (int) row.number(1);
                                    })
                            .getFirst();
                },
                LONG);
        next.run(pooled);
        next.acknowledge();

        assertThat(next.future()).isCompletedWithValue(1_000);
        assertThat(pooled.isServing(next)).isFalse();
        assertThat(late.isGone()).isTrue();
    }

    @Test
    void everyFutureEnds_whenCallsArriveWhileTheWatchCloses() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            DeadlineWatch watch = new DeadlineWatch("thrum-db-deadlines", () -> {});
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            CountDownLatch begun = new CountDownLatch(1);
            Thread adder = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 50; i++) {
                    Call<Integer> call = new Call<>(CallKind.QUERY, session -> 1, LONG);
                    futures.add(call.future());
                    watch.add(call);
                    begun.countDown();
                }
            });
            Waits.await(begun);
            watch.close();
            assertThat(adder.join(LONG)).isTrue();

            assertThat(futures).hasSize(50);
            futures.forEach(future -> assertThat(failure(future).reason()).isEqualTo(Reason.CLOSED));
        }
    }
}
