package dev.thrum.database;

import static dev.thrum.database.Waits.failure;
import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.database.DatabaseException.Reason;
import dev.thrum.testkit.LeakCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting, deadlines, overload and shutdown: the same on every database. */
@ExtendWith({PostgresServer.class, LeakCheck.class})
@ParameterizedClass
@EnumSource(Kind.class)
final class DatabaseLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String INSERT = "INSERT INTO accounts (owner, balance, created_at) VALUES (?, 0, ?)";

    private final Site site;

    DatabaseLimitsTest(Kind kind, @TempDir Path folder) {
        site = new Site(kind, folder);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static CompletableFuture<Integer> insert(Database database, String owner) {
        return database.update(INSERT, owner, Instant.EPOCH);
    }

    private long accounts() {
        return site.number("SELECT COUNT(*) FROM accounts");
    }

    @Test
    void callIsNotRun_whenItWasCancelledBeforeItBegan_butTheNextOneIs() {
        Database database = site.open(config -> config.withThreads(1).withDeadline(LONG));
        AtomicBoolean run = new AtomicBoolean();
        CompletableFuture<Boolean> cancelled;
        CompletableFuture<Integer> next;
        try (Held held = Held.writer(database)) {
            cancelled = database.transaction(session -> run.getAndSet(true));
            cancelled.cancel(false);
            next = insert(database, "next");
            held.release();
            get(held.call());
        }

        assertThat(get(next)).isEqualTo(1);
        assertThat(run).isFalse();
        assertThat(cancelled).isCancelled();
    }

    @Test
    void callExpires_whenNoThreadIsFreeInTime_andIsNotRun() {
        Database database = site.open(config -> config.withThreads(1).withDeadline(SHORT));
        try (Held held = Held.writer(database)) {
            CompletableFuture<Integer> late = insert(database, "late");
            assertThat(failure(late).reason()).isEqualTo(Reason.EXPIRED);
            assertThat(failure(held.call()).reason()).isEqualTo(Reason.UNKNOWN);
        }
        get(insert(database, "next"));

        assertThat(accounts()).isEqualTo(1);
    }

    @Test
    void statementIsCancelled_whenItsDeadlinePasses_andItsThreadServesTheNextCall() {
        Database database = site.open(config -> config.withThreads(1).withDeadline(SHORT));

        for (int i = 0; i < 3; i++) {
            long begun = System.nanoTime();
            Reason read = failure(database.query(site.endless(), row -> row.number(1)))
                    .reason();
            DatabaseException write = failure(database.transaction(session -> {
                session.update(INSERT, "late", Instant.EPOCH);
                return session.query(site.endless(), row -> row.number(1));
            }));

            // PostgreSQL enforces the deadline, too. If it is first, the outcome is certain.
            assertThat(List.of(read, write.reason())).as(write.getMessage()).isSubsetOf(Reason.UNKNOWN, Reason.EXPIRED);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
            Waits.until("the thread is free", () -> database.stats().running() == 0);
        }
        get(insert(database, "next"));

        assertThat(accounts()).isEqualTo(1);
        assertThat(database.fault()).isEmpty();
    }

    @Test
    void lateTransactionIsRolledBack_whenItComputesTooLong_atItsNextStatement() {
        Database database = site.open(config -> config.withThreads(2).withDeadline(SHORT));
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Integer> late = database.transaction(session -> {
            session.update(INSERT, "late", Instant.EPOCH);
            Waits.await(over);
            return session.update(INSERT, "later", Instant.EPOCH);
        });
        assertThat(failure(late).reason()).isEqualTo(Reason.UNKNOWN);
        over.countDown();
        get(insert(database, "next"));

        assertThat(accounts()).isEqualTo(1);
    }

    @Test
    void callIsRefusedAtOnce_whenTooManyWait_andTheWaitingOnesAreServed() {
        Database database =
                site.open(config -> config.withThreads(1).withCapacity(3).withDeadline(LONG));
        List<CompletableFuture<Integer>> waiting = new ArrayList<>();
        CompletableFuture<Integer> tooMany;
        try (Held held = Held.writer(database)) {
            for (int i = 0; i < 3; i++) {
                waiting.add(insert(database, "waits"));
            }
            tooMany = insert(database, "too many");
            assertThat(tooMany).isCompletedExceptionally();
            assertThat(database.stats().waiting()).isEqualTo(3);
            assertThat(database.stats().oldest()).isPositive();
            held.release();
        }

        assertThat(failure(tooMany).reason()).isEqualTo(Reason.OVERLOADED);
        assertThat(failure(tooMany)).hasMessageContaining("at most 3 calls");
        waiting.forEach(call -> assertThat(get(call)).isEqualTo(1));
        assertThat(accounts()).isEqualTo(3);
        assertThat(database.stats().overloaded()).isEqualTo(1);
    }

    @Test
    void allThreadsAreUsed_whenCallsWaitForEachOther_butNoMore() {
        Database database = site.open(config -> config.withThreads(4).withDeadline(LONG));
        int readers = site.kind() == Kind.SQLITE ? 3 : 4;
        for (int round = 0; round < 20; round++) {
            CountDownLatch together = new CountDownLatch(readers);
            List<CompletableFuture<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                calls.add(database.snapshot(session -> {
                    together.countDown();
                    Waits.await(together);
                    return 0;
                }));
            }
            calls.forEach(Waits::get);
        }

        assertThat(database.stats().threads()).isEqualTo(readers);
    }

    @Test
    void waitingCallsAreRun_whenTheDatabaseIsShutDown_andNewOnesAreRefused() throws InterruptedException {
        Database database = site.open(config -> config.withThreads(2).withDeadline(LONG));
        List<CompletableFuture<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            calls.add(insert(database, "waits"));
        }
        assertThat(database.shutdown(LONG)).isTrue();

        assertThat(calls).allSatisfy(call -> assertThat(call).isCompletedWithValue(1));
        assertThat(accounts()).isEqualTo(200);
        assertThat(failure(insert(database, "after")).reason()).isEqualTo(Reason.CLOSED);
        assertThat(failure(database.query("SELECT 1", row -> 1)).reason()).isEqualTo(Reason.CLOSED);
        assertThat(database.stats().threads()).isZero();
        assertThat(database.shutdown(LONG)).isTrue();
    }

    @Test
    void waitingAndRunningCallsFail_whenTheDatabaseIsClosed() {
        Database database = site.open(config -> config.withThreads(1).withDeadline(LONG));
        try (Held held = Held.writer(database)) {
            List<CompletableFuture<Integer>> waiting = List.of(insert(database, "a"), insert(database, "b"));
            database.close();
            database.close();

            assertThat(waiting)
                    .allSatisfy(call -> assertThat(failure(call).reason()).isEqualTo(Reason.CLOSED));
            assertThat(failure(held.call()).reason()).isEqualTo(Reason.UNKNOWN);
        }

        Waits.until("the thread ends", () -> database.stats().threads() == 0);
        assertThat(accounts()).isZero();
    }

    @Test
    void shutdownEndsInTime_whenAStatementDoesNot_andReturnsFalse() throws InterruptedException {
        Database database = site.open(config -> config.withThreads(1).withDeadline(Duration.ofSeconds(3)));
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<List<Long>> endless = database.snapshot(session -> {
            begun.countDown();
            return session.query(site.endless(), row -> row.number(1));
        });
        Waits.await(begun);
        assertThat(database.shutdown(SHORT)).isFalse();

        assertThat(failure(endless).reason()).isEqualTo(Reason.UNKNOWN);
        Waits.until("the thread ends", () -> database.stats().threads() == 0);
    }

    @Test
    void allFuturesEnd_whenManyCallWhileTheDatabaseCloses_andAcknowledgedRowsExist() throws InterruptedException {
        for (int round = 0; round < 6; round++) {
            long before = site.kind() == Kind.SQLITE && round == 0 ? 0 : accounts();
            Database database = site.open(config -> config.withThreads(3).withCapacity(1_000));
            var writes = new ConcurrentLinkedQueue<CompletableFuture<Integer>>();
            var reads = new ConcurrentLinkedQueue<CompletableFuture<Integer>>();
            AtomicInteger callers = new AtomicInteger(8);
            CountDownLatch busy = new CountDownLatch(40);
            for (int i = 0; i < 8; i++) {
                Thread.ofVirtual().start(() -> {
                    CompletableFuture<Integer> last = new CompletableFuture<>();
                    while (!isClosed(last)) {
                        for (int write = 0; write < 10; write++) {
                            last = insert(database, "race");
                            writes.add(last);
                            reads.add(database.snapshot(session -> 1));
                            CompletableFuture<Void> _ = last.thenRun(busy::countDown);
                        }
                        Optional<Reason> _ = Waits.outcome(last);
                    }
                    callers.decrementAndGet();
                });
            }
            Waits.await(busy);
            if (round % 2 == 0) {
                database.close();
            } else {
                database.shutdown(LONG);
            }
            Waits.until("the callers end", () -> callers.get() == 0);

            long done = count(writes, Optional.empty());
            assertThat(done).isPositive();
            assertThat(accounts() - before).isBetween(done, done + count(writes, Optional.of(Reason.UNKNOWN)));
            assertThat(count(reads, Optional.of(Reason.FAILED))).isZero();
        }
    }

    private static boolean isClosed(CompletableFuture<?> call) {
        return call.isCompletedExceptionally()
                && call.exceptionNow() instanceof DatabaseException known
                && known.reason() == Reason.CLOSED;
    }

    private static long count(Collection<CompletableFuture<Integer>> calls, Optional<Reason> outcome) {
        return calls.stream()
                .filter(call -> Waits.outcome(call).equals(outcome))
                .count();
    }

    @Test
    void configurationIsRefused_whenOutOfRange_andTheRangeIsNamed() {
        DatabaseConfig config = DatabaseConfig.of(site.source());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withThreads(0))
                .withMessageContaining("from 1 to 100");
        assertThatIllegalArgumentException().isThrownBy(() -> config.withThreads(101));
        assertThatIllegalArgumentException().isThrownBy(() -> config.withCapacity(0));
        assertThatIllegalArgumentException().isThrownBy(() -> config.withDeadline(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> config.withDeadline(Duration.ofSeconds(-1)));
    }

    @Test
    void callsWork_whenTheDeadlineIsExtremelyLong() {
        Database database = site.open(config -> config.withDeadline(Duration.ofSeconds(Long.MAX_VALUE)));

        assertThat(get(insert(database, "patient"))).isEqualTo(1);
        assertThat(get(database.query("SELECT 1", row -> row.number(1)))).containsExactly(1L);
    }
}
