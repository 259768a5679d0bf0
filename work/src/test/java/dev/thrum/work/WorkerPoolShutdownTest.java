package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thrum.testkit.LogCapture;
import dev.thrum.work.Crew.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a pool: tasks are finished or given up, and no thread or future is left. */
@Timeout(60)
@ParameterizedClass
@EnumSource(Kind.class)
final class WorkerPoolShutdownTest extends PoolTest {

    WorkerPoolShutdownTest(Kind kind) throws Exception {
        super(kind);
    }

    @Test
    void shutdown_whenTasksEndInTime_runsAllOfThem() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        List<CompletableFuture<String>> running = occupyWorkers();
        List<CompletableFuture<String>> queued = fillQueue(() -> "ran " + ran.incrementAndGet());
        crew.startBlocked(
                "shutdown",
                () -> assertThat(pool.shutdown(Crew.LIMIT).isComplete()).isTrue());
        assertThat(pool.toString()).contains("DRAINING");
        expectRejected("DRAINING");
        release.countDown();
        crew.awaitAll();
        assertThat(ran).hasValue(CAPACITY);
        assertThat(running).allMatch(CompletableFuture::isDone);
        assertThat(queued).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThat(threads()).noneMatch(Thread::isAlive);
        assertThat(pool.toString()).contains("TERMINATED");
        expectRejected("TERMINATED");
    }

    @Test
    void shutdown_whenTasksHangPastTheDeadline_interruptsThemAndReturnsTheTasksNotRun() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        List<CompletableFuture<String>> running = occupyWorkers();
        List<CompletableFuture<String>> queued = fillQueue(() -> "ran " + ran.incrementAndGet());
        queued.get(2).cancel(false);
        WorkerPool.Drain drain;
        try (LogCapture log = new LogCapture(WorkerPool.class)) {
            drain = pool.shutdown(Duration.ofMillis(10));
            assertThat(log.thrown()).hasSize(WORKERS).hasOnlyElementsOfType(InterruptedException.class);
        }
        assertThat(drain.isComplete()).isFalse();
        assertThat(drain.notRun()).isEqualTo(List.of(queued.get(0), queued.get(1), queued.get(3)));
        assertThat(drain.interrupted()).containsExactlyInAnyOrder("pool-1", "pool-2");
        assertThat(threads()).noneMatch(Thread::isAlive);
        assertThat(ran).hasValue(0);
        assertThat(queued).allMatch(CompletableFuture::isCancelled);
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> result(queued.get(0)))
                .havingCause()
                .withMessage("pool pool was shut down before this task was started");
        for (CompletableFuture<String> interrupted : running) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> result(interrupted))
                    .withCauseInstanceOf(InterruptedException.class);
        }
        assertThat(pool.shutdown(Crew.LIMIT)).isEqualTo(drain);
        pool.awaitCompletion();
    }

    @Test
    void shutdown_whenATaskIgnoresItsInterrupt_returnsAndNamesItsThread() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CompletableFuture<String> stubborn = pool.submit(() -> {
            busy.countDown();
            boolean opened = false;
            while (!opened) {
                try {
                    Crew.await(release);
                    opened = true;
                } catch (InterruptedException ignored) {
                    assertThat(release.getCount()).isOne();
                }
            }
            return Thread.currentThread().getName();
        });
        Crew.await(busy);
        try (LogCapture log = new LogCapture(WorkerPool.class)) {
            WorkerPool.Drain drain = pool.shutdown(Duration.ZERO);
            assertThat(log.records()).hasSize(1);
            assertThat(pool.toString()).contains("STOPPING");
            release.countDown();
            assertThat(drain.interrupted()).containsExactly(result(stubborn));
            assertThat(log.records().getFirst().getParameters()).contains(drain.interrupted());
        }
    }

    @Test
    void shutdown_whenIdle_isCompleteAtOnce() throws Exception {
        assertThat(pool.shutdown(Duration.ZERO).isComplete()).isTrue();
        assertThat(threads()).noneMatch(Thread::isAlive);
        assertThat(pool.shutdown(Duration.ZERO).isComplete()).isTrue();
    }

    @Test
    void shutdown_whenInterrupted_keepsDrainingAndCanBeCalledAgain() throws Exception {
        List<CompletableFuture<String>> running = occupyWorkers();
        Thread caller = crew.startBlocked(
                "caller",
                () -> assertThatExceptionOfType(InterruptedException.class)
                        .isThrownBy(() -> pool.shutdown(Crew.LIMIT)));
        caller.interrupt();
        crew.awaitAll();
        release.countDown();
        assertThat(pool.shutdown(Crew.LIMIT).isComplete()).isTrue();
        assertThat(running).noneMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void close_whenAnotherThreadDrains_endsThatWaitWithAnAccurateReport() throws Exception {
        occupyWorkers();
        List<CompletableFuture<String>> queued = fillQueue(() -> "never run");
        crew.startBlocked("drainer", () -> {
            WorkerPool.Drain drain = pool.shutdown(Crew.LIMIT);
            assertThat(drain.notRun()).isEqualTo(queued);
            assertThat(drain.interrupted()).hasSize(WORKERS);
        });
        try (LogCapture _ = new LogCapture(WorkerPool.class)) {
            pool.close();
        }
        pool.close();
        crew.awaitAll();
        assertThat(threads()).noneMatch(Thread::isAlive);
    }

    @Test
    void close_whenSubmittersWaitForRoom_rejectsThem() throws Exception {
        occupyWorkers();
        fillQueue(() -> "never run");
        crew.startBlocked("submitter", () -> expectRejected(""));
        try (LogCapture _ = new LogCapture(WorkerPool.class)) {
            pool.close();
        }
        crew.awaitAll();
    }

    @Test
    void close_whenCalledByATaskOfThePool_doesNotWaitForItself() throws Exception {
        CompletableFuture<Boolean> closer = pool.submit(() -> {
            try (LogCapture log = new LogCapture(WorkerPool.class)) {
                pool.close();
                return Thread.interrupted() || !log.records().isEmpty();
            }
        });
        assertThat(result(closer)).as("interrupted or reported as hung").isFalse();
        assertThat(pool.shutdown(Crew.LIMIT).isComplete()).isTrue();
    }

    @Test
    void waiting_whenDoneByATaskOfThePool_isRefusedInsteadOfDeadlocking() throws Exception {
        List<CompletableFuture<?>> futures = new ArrayList<>();
        try (LogCapture _ = new LogCapture(WorkerPool.class)) {
            futures.add(pool.submit(() -> pool.shutdown(Crew.LIMIT)));
            futures.add(pool.submit(() -> pool.awaitCompletion(Crew.LIMIT)));
            futures.add(pool.submit(() -> {
                pool.awaitCompletion();
                return null;
            }));
            for (CompletableFuture<?> future : futures) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> result(future))
                        .withCauseInstanceOf(IllegalStateException.class)
                        .withMessageContaining("would wait for itself");
            }
        }
        assertThat(result(pool.submit(() -> "usable"))).isEqualTo("usable");
    }

    /** Each task ends in exactly one way: run, interrupted, given up or rejected. */
    @Test
    void close_whenTasksAreSubmittedMeanwhile_completesEachFutureAndCountsEachOnce() throws Exception {
        for (int round = 0; round < Crew.rounds(200); round++) {
            WorkerPool busy = kind.pool("busy", WORKERS, CAPACITY);
            AtomicInteger ran = new AtomicInteger();
            List<CompletableFuture<Integer>> accepted = new ArrayList<>();
            CountDownLatch first = new CountDownLatch(1);
            Thread submitter = crew.start("submitter", () -> {
                try {
                    while (true) {
                        accepted.add(busy.submit(ran::incrementAndGet));
                        first.countDown();
                    }
                } catch (RejectedExecutionException expected) {
                    assertThat(expected).hasMessageContaining("expected pool busy to be RUNNING");
                }
            });
            Crew.await(first);
            WorkerPool.Drain drain = busy.shutdown(Duration.ZERO);
            Crew.awaitEnd(submitter);
            assertThat(accepted).allMatch(CompletableFuture::isDone);
            assertThat(accepted.stream().filter(CompletableFuture::isCancelled))
                    .containsExactlyInAnyOrderElementsOf(typed(drain.notRun()));
            assertThat(ran.get() + drain.notRun().size()).isEqualTo(accepted.size());
        }
        crew.awaitAll();
    }

    // All these futures were returned by submit with integers.
    @SuppressWarnings("unchecked")
    private static List<CompletableFuture<Integer>> typed(List<CompletableFuture<?>> futures) {
        return (List<CompletableFuture<Integer>>) (List<?>) futures;
    }

    private void expectRejected(String state) {
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> pool.submit(() -> "too late"))
                .withMessageStartingWith("expected pool pool to be RUNNING but it is " + state);
    }
}
