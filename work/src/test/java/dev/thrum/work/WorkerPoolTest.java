package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.thrum.testkit.LogCapture;
import dev.thrum.work.Crew.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Single tasks: their results, their failures and their workers. */
@Timeout(60)
@ParameterizedClass
@EnumSource(Kind.class)
final class WorkerPoolTest extends PoolTest {

    WorkerPoolTest(Kind kind) throws Exception {
        super(kind);
    }

    @Test
    void construction_whenNumbersAreTooSmall_isRefusedWithExpectedAndActual() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kind.pool("none", 0, 1))
                .withMessage("expected at least 1 worker but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kind.pool("none", 1, 0))
                .withMessage("expected a capacity of at least 1 but was 0");
    }

    @Test
    void threads_whenStarted_areNamedDaemonsOfTheKind() {
        assertThat(threads()).extracting(Thread::getName).containsExactlyInAnyOrder("pool-1", "pool-2");
        assertThat(threads()).allMatch(Thread::isDaemon);
        assertThat(threads()).allMatch(thread -> thread.isVirtual() == (kind == Kind.VIRTUAL));
        assertThat(pool.name()).isEqualTo("pool");
        assertThat(pool)
                .hasToString("WorkerPool[pool, RUNNING, 2 workers, WorkQueue[open, 0 of 4 waiting, 0 in hand]]");
    }

    @Test
    @SuppressWarnings("NullAway") // this test is about null
    void submit_whenTaskReturns_completesTheFuture() throws Exception {
        assertThat(result(pool.submit(() -> 42))).isEqualTo(42);
        CompletableFuture<String> nothing = pool.submit(() -> null);
        assertThat(result(nothing)).isNull();
        assertThatNullPointerException().isThrownBy(() -> pool.submit(null));
    }

    @Test
    void submit_whenQueueIsFull_waitsForRoom() throws Exception {
        occupyWorkers();
        fillQueue(() -> "queued");
        Thread submitter = crew.startBlocked("submitter", () -> pool.submit(() -> "late"));
        assertThat(submitter.isAlive()).isTrue();
        release.countDown();
        crew.awaitAll();
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
    }

    @Test
    void submit_whenTasksThrowExceptionsAndErrors_logsEachOnceAndKillsNoWorker() throws Exception {
        List<Throwable> thrown =
                List.of(new IllegalStateException("a"), new StackOverflowError("b"), new InterruptedException("c"));
        try (LogCapture log = new LogCapture(WorkerPool.class)) {
            for (Throwable failure : thrown) {
                CompletableFuture<String> future = pool.submit(() -> sneak(failure));
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> result(future))
                        .satisfies(e -> assertThat(e.getCause()).isSameAs(failure));
            }
            assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
            assertThat(log.thrown()).containsExactlyElementsOf(thrown);
            assertThat(log.records())
                    .extracting(logged -> logged.getLevel())
                    .containsExactly(Level.WARNING, Level.SEVERE, Level.WARNING);
        }
        assertThat(threadsOf(pool, WORKERS)).containsExactlyInAnyOrderElementsOf(threads());
    }

    @Test
    void submit_whenTheLoggerThrows_stillFailsTheFutureAndKillsNoWorker() throws Exception {
        IllegalStateException broken = new IllegalStateException("the logger");
        try (LogCapture _ = new LogCapture(WorkerPool.class.getName(), () -> {
            throw broken;
        })) {
            CompletableFuture<String> future = pool.submit(() -> sneak(new IllegalStateException("the task")));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> result(future))
                    .satisfies(e -> assertThat(e.getCause()).hasSuppressedException(broken));
        }
        assertThat(threadsOf(pool, WORKERS)).containsExactlyInAnyOrderElementsOf(threads());
    }

    @Test
    void submit_whenTaskInterruptsItself_theNextTasksAreNotInterrupted() throws Exception {
        for (int i = 0; i < 10; i++) {
            result(pool.submit(() -> {
                Thread.currentThread().interrupt();
                return null;
            }));
        }
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
        assertThat(threadsOf(pool, WORKERS)).containsExactlyInAnyOrderElementsOf(threads());
        assertThat(result(pool.submit(Thread::interrupted))).isFalse();
    }

    @Test
    void interrupt_whenAnotherThreadInterruptsIdleWorkers_killsNone() throws Exception {
        for (int i = 0; i < 10; i++) {
            threads().forEach(Thread::interrupt);
            assertThat(result(pool.submit(Thread::interrupted))).isFalse();
        }
        assertThat(threadsOf(pool, WORKERS)).containsExactlyInAnyOrderElementsOf(threads());
    }

    @Test
    void cancel_whenTaskHasNotStarted_keepsItFromRunning() throws Exception {
        occupyWorkers();
        AtomicInteger ran = new AtomicInteger();
        List<CompletableFuture<String>> queued = fillQueue(() -> "ran " + ran.incrementAndGet());
        assertThat(queued.get(1).cancel(true)).isTrue();
        assertThat(queued.get(3).cancel(true)).isTrue();
        release.countDown();
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
        assertThat(ran).hasValue(2);
        assertThat(queued).extracting(CompletableFuture::isCancelled).containsExactly(false, true, false, true);
    }

    @Test
    void awaitCompletion_whenACancelledTaskStillRuns_waitsForIt() throws Exception {
        occupyWorkers().forEach(running -> running.cancel(true));
        assertThat(pool.awaitCompletion(Duration.ofMillis(1))).isFalse();
        release.countDown();
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
    }

    @Test
    void awaitCompletion_whenTasksFail_isNotStalledAndThePoolStaysUsable() throws Exception {
        try (LogCapture log = new LogCapture(WorkerPool.class)) {
            for (int i = 0; i < 50; i++) {
                int number = i;
                pool.submit(() -> sneak(new AssertionError("task " + number)));
            }
            pool.awaitCompletion();
            assertThat(log.thrown()).hasSize(50);
        }
        assertThat(result(pool.submit(() -> "usable"))).isEqualTo("usable");
    }

    @Test
    void awaitCompletion_whenReturned_futuresAndTheirCallbacksAreDone() throws Exception {
        AtomicInteger calledBack = new AtomicInteger();
        for (int i = 1; i <= Crew.rounds(500); i++) {
            CompletableFuture<Void> future =
                    pool.submit(() -> "x").thenAccept(result -> calledBack.addAndGet(result.length()));
            assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
            assertThat(future).isDone();
            assertThat(calledBack).hasValue(i);
        }
    }

    @Test
    void submit_whenWorkersSubmitToTheirFullPool_runsTheTasksInstead() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            pool.submit(() -> {
                for (int n = 0; n < 100; n++) {
                    pool.submit(ran::incrementAndGet);
                }
                return null;
            });
        }
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
        assertThat(ran).hasValue(1000);
    }

    @Test
    void submit_whenTasksNestTooDeepInAFullPool_isRejectedWithTheRemedy() throws Exception {
        CompletableFuture<Integer> deepest = new CompletableFuture<>();
        pool.submit(() -> result(deepest));
        assertThat(result(pool.submit(() -> nest(1, deepest)))).isEqualTo(1);
        assertThat(result(deepest)).isEqualTo(257);
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
    }

    /** Each level submits the next, the first one until the queue is full; completes with the level that is refused. */
    private int nest(int level, CompletableFuture<Integer> deepest) throws Exception {
        try {
            while (!deepest.isDone()) {
                pool.submit(() -> nest(level + 1, deepest));
            }
        } catch (RejectedExecutionException refused) {
            assertThat(refused).hasMessageContainingAll("nest at most 256 deep", "enlarge the queue");
            deepest.complete(level);
        }
        return level;
    }

    private static String sneak(Throwable failure) throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }
}
