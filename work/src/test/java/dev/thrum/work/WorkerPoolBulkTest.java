package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.thrum.base.Deadline;
import dev.thrum.testkit.LogCapture;
import dev.thrum.work.Crew.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many tasks at once: {@code map} and {@code asCompleted}. */
@Timeout(60)
@ParameterizedClass
@EnumSource(Kind.class)
final class WorkerPoolBulkTest extends PoolTest {

    WorkerPoolBulkTest(Kind kind) throws Exception {
        super(kind);
    }

    @Test
    void map_whenThereAreFarMoreElementsThanRoom_returnsResultsInOrder() throws Exception {
        int many = Crew.rounds(100_000);
        AtomicInteger read = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger furthest = new AtomicInteger();
        Iterable<Integer> elements = () -> IntStream.range(0, many)
                .peek(i -> {
                    read.incrementAndGet();
                    furthest.accumulateAndGet(read.get() - ended.get(), Math::max);
                })
                .iterator();
        List<Integer> results = pool.map(elements, i -> {
            ended.incrementAndGet();
            return -i;
        });
        assertThat(results)
                .hasSize(many)
                .isEqualTo(IntStream.range(0, many).map(i -> -i).boxed().toList());
        assertThat(furthest.get()).isLessThanOrEqualTo(WORKERS + CAPACITY + 1);
    }

    @Test
    @SuppressWarnings("NullAway") // this test is about null
    void map_whenElementsAreEmptyOrResultsAreNull_returnsThem() throws Exception {
        assertThat(pool.map(List.<String>of(), String::length)).isEmpty();
        List<String> nulls = pool.map(List.of("a", "b"), _ -> null);
        assertThat(nulls).containsExactly(null, null);
    }

    @Test
    void map_whenALaterElementFailsFirst_throwsTheFailureThatASequentialLoopWouldThrow() throws Exception {
        CountDownLatch laterFailed = new CountDownLatch(1);
        AtomicInteger started = new AtomicInteger();
        try (LogCapture log = new LogCapture(WorkerPool.class)) {
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() ->
                            pool.map(IntStream.range(0, 10_000).boxed().toList(), i -> {
                                started.incrementAndGet();
                                if (i == 1) {
                                    laterFailed.countDown();
                                    throw new IllegalArgumentException("later");
                                }
                                open(laterFailed);
                                throw new OutOfMemoryError("earlier");
                            }))
                    .withMessageContaining("element 0, counted from 0, failed")
                    .satisfies(e -> assertThat(e.getCause()).hasMessage("earlier"))
                    .satisfies(e -> assertThat(e.getSuppressed())
                            .extracting(Throwable::getMessage)
                            .contains("later"));
            assertThat(log.records()).isEmpty();
        }
        assertThat(started.get()).isLessThanOrEqualTo(2 * (WORKERS + CAPACITY));
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
    }

    /**
     * The first element fails only when the next one runs, so both workers have started; the rest wait in the queue.
     */
    @Test
    void map_whenOneFails_startsNoOtherAndReturnsOnlyAfterTheRunningEnded() throws Exception {
        CountDownLatch readToTheEnd = new CountDownLatch(1);
        CountDownLatch nextRuns = new CountDownLatch(1);
        Queue<String> ended = new ConcurrentLinkedQueue<>();
        Thread caller = crew.start("caller", () -> {
            Iterator<String> elements = Stream.of("fails", "runs", "waits", "last")
                    .peek(element -> {
                        if (element.equals("last")) {
                            readToTheEnd.countDown();
                        }
                    })
                    .iterator();
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> pool.map(() -> elements, element -> {
                        if (element.equals("fails")) {
                            open(readToTheEnd);
                            open(nextRuns);
                            throw new IllegalArgumentException(element);
                        }
                        nextRuns.countDown();
                        open(release);
                        return ended.add(element);
                    }));
            assertThat(ended).containsExactly("runs");
        });
        Crew.await(nextRuns);
        awaitMethod(caller, "settle");
        release.countDown();
        crew.awaitAll();
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
        assertThat(ended).containsExactly("runs");
    }

    /** Waits until the thread waits inside that method of {@link OrderedMap}; only its stack shows that. */
    private static void awaitMethod(Thread thread, String method) {
        Deadline deadline = Deadline.in(Crew.LIMIT);
        while (Stream.of(thread.getStackTrace())
                .noneMatch(
                        frame -> frame.getMethodName().equals(method) && thread.getState() == Thread.State.WAITING)) {
            assertThat(deadline.nanosLeft()).as("time left for %s", method).isPositive();
        }
    }

    @Test
    void map_whenTheIteratorThrows_throwsThatAndStallsNothing() throws Exception {
        Iterator<Integer> broken = Stream.of(1, 2, 0).map(i -> 2 / i).iterator();
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> pool.map(() -> broken, i -> i));
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
    }

    @Test
    void map_whenInterrupted_startsNothingMore() throws Exception {
        occupyWorkers();
        AtomicInteger ran = new AtomicInteger();
        Thread caller = crew.startBlocked(
                "caller",
                () -> assertThatExceptionOfType(InterruptedException.class)
                        .isThrownBy(() -> pool.map(List.of(1, 2, 3), _ -> ran.incrementAndGet())));
        caller.interrupt();
        crew.awaitAll();
        release.countDown();
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
        assertThat(ran).hasValue(0);
    }

    @Test
    void map_whenThePoolIsClosedMeanwhile_failsInsteadOfHanging() throws Exception {
        occupyWorkers();
        crew.startBlocked(
                "few",
                () -> assertThatExceptionOfType(CompletionException.class)
                        .isThrownBy(() -> pool.map(List.of(1, 2), i -> i))
                        .withMessageEndingWith("pool pool was shut down before this task was started")
                        .withCauseInstanceOf(CancellationException.class));
        crew.startBlocked(
                "many",
                () -> assertThatExceptionOfType(RejectedExecutionException.class)
                        .isThrownBy(() -> pool.map(List.of(1, 2, 3, 4, 5), i -> i)));
        try (LogCapture _ = new LogCapture(WorkerPool.class)) {
            pool.close();
        }
        crew.awaitAll();
    }

    @Test
    void map_whenCalledInsideTasks_needsNoFreeWorker() throws Exception {
        assertThat(pool.map(IntStream.range(0, 20).boxed().toList(), i -> sumOfSquares(i, 3)))
                .isEqualTo(IntStream.range(0, 20).map(i -> i * 27).boxed().toList());
    }

    /** Three levels of maps within maps, wider than workers and queue together. */
    private int sumOfSquares(int leaf, int depth) {
        if (depth == 0) {
            return leaf;
        }
        try {
            return pool.map(List.of(1, 2, 3), _ -> sumOfSquares(leaf, depth - 1)).stream()
                    .mapToInt(Integer::intValue)
                    .sum();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void asCompleted_whenTheFirstIsSlow_returnsTheOthersBeforeIt() throws Exception {
        List<Integer> order = new ArrayList<>();
        List<Callable<String>> tasks = List.of(
                () -> {
                    Crew.await(release);
                    return "slow";
                },
                () -> "quick",
                () -> "quick");
        for (TaskResult<String> result : pool.asCompleted(tasks)) {
            order.add(result.index());
            if (order.size() == 2) {
                release.countDown();
            }
        }
        assertThat(order).containsExactly(1, 2, 0);
    }

    @Test
    void asCompleted_whenSomeFail_returnsOneResultForEachTask() throws Exception {
        int many = Crew.rounds(2_000);
        int[] seen = new int[many];
        try (LogCapture log = new LogCapture(WorkerPool.class)) {
            List<Callable<Integer>> tasks = IntStream.range(0, many)
                    .<Callable<Integer>>mapToObj(i -> () -> evenOrThrow(i))
                    .toList();
            for (TaskResult<Integer> result : pool.asCompleted(tasks)) {
                seen[result.index()]++;
                switch (result) {
                    case TaskResult.Success<Integer>(int index, Integer value) ->
                        assertThat(value).isEqualTo(index);
                    case TaskResult.Failure<Integer>(int index, Throwable cause) ->
                        assertThat(cause).isInstanceOf(StackOverflowError.class).hasMessage("odd " + index);
                }
            }
            assertThat(log.records()).isEmpty();
        }
        assertThat(seen).containsOnly(1);
    }

    private static int evenOrThrow(int i) {
        if (i % 2 == 1) {
            throw new StackOverflowError("odd " + i);
        }
        return i;
    }

    @Test
    void asCompleted_whenOutcomesAreNotFetched_readsOnlyAsManyTasksAsThePoolHasRoomFor() throws Exception {
        AtomicInteger read = new AtomicInteger();
        Iterable<Callable<Integer>> endless = () ->
                Stream.<Callable<Integer>>generate(() -> read::incrementAndGet).iterator();
        Iterator<TaskResult<Integer>> results = pool.asCompleted(endless).iterator();
        for (int i = 0; i < 100; i++) {
            results.next();
        }
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
        assertThat(read.get()).isBetween(100, 100 + WORKERS + CAPACITY);
    }

    @Test
    void asCompleted_whenOthersFillTheQueue_waitsForRoomAndContinues() throws Exception {
        occupyWorkers();
        fillQueue(() -> "other");
        Iterable<TaskResult<String>> results = pool.asCompleted(List.of(() -> "a", () -> "b"));
        crew.startBlocked(
                "iterating",
                () -> assertThat(results).extracting(TaskResult::index).containsExactlyInAnyOrder(0, 1));
        release.countDown();
        crew.awaitAll();
    }

    @Test
    void asCompleted_whenThePoolIsClosed_returnsFailuresInsteadOfHanging() throws Exception {
        occupyWorkers();
        List<Callable<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            tasks.add(() -> "never run");
        }
        Iterable<TaskResult<String>> results = pool.asCompleted(tasks);
        try (LogCapture _ = new LogCapture(WorkerPool.class)) {
            pool.close();
        }
        List<Class<?>> causes = new ArrayList<>();
        for (TaskResult<String> result : results) {
            causes.add(((TaskResult.Failure<String>) result).cause().getClass());
        }
        assertThat(causes)
                .hasSize(10)
                .containsOnly(CancellationException.class, RejectedExecutionException.class)
                .filteredOn(CancellationException.class::equals)
                .hasSize(CAPACITY);
    }

    @Test
    void asCompleted_whenCalledInsideTasks_needsNoFreeWorker() throws Exception {
        List<CompletableFuture<Integer>> sums = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sums.add(pool.submit(() -> {
                int count = 0;
                for (TaskResult<Integer> _ : pool.<Integer>asCompleted(List.of(() -> 1, () -> 2, () -> 3))) {
                    count++;
                }
                return count;
            }));
        }
        for (CompletableFuture<Integer> sum : sums) {
            assertThat(result(sum)).isEqualTo(3);
        }
    }

    @Test
    void next_whenInterrupted_throwsAndLaterReturnsTheWithdrawnTasksAsFailures() throws Exception {
        occupyWorkers();
        AtomicInteger ran = new AtomicInteger();
        Iterator<TaskResult<Integer>> results = pool.<Integer>asCompleted(
                        List.of(ran::incrementAndGet, ran::incrementAndGet))
                .iterator();
        Thread caller = crew.startBlocked("caller", () -> {
            assertThatExceptionOfType(CancellationException.class).isThrownBy(results::next);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(results.next()).isInstanceOf(TaskResult.Failure.class);
            assertThat(results.next()).isInstanceOf(TaskResult.Failure.class);
            assertThat(results.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
        });
        caller.interrupt();
        crew.awaitAll();
        release.countDown();
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
        assertThat(ran).hasValue(0);
    }

    @Test
    void next_whenInterruptedBeforeItSubmits_losesNoTask() throws Exception {
        int many = 3 * (WORKERS + CAPACITY);
        List<Callable<Integer>> tasks = IntStream.range(0, many)
                .<Callable<Integer>>mapToObj(i -> () -> i)
                .toList();
        Iterator<TaskResult<Integer>> results = pool.asCompleted(tasks).iterator();
        crew.start("caller", () -> {
            List<Integer> indices = new ArrayList<>();
            while (results.hasNext()) {
                Thread.currentThread().interrupt();
                assertThatExceptionOfType(CancellationException.class).isThrownBy(results::next);
                assertThat(Thread.interrupted()).isTrue();
                indices.add(results.next().index());
            }
            assertThat(indices)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, many).boxed().toList());
        });
        crew.awaitAll();
    }

    @Test
    void iterator_whenCalledTwice_isRefused() throws Exception {
        Iterable<TaskResult<Integer>> results = pool.asCompleted(List.of(() -> 1));
        assertThat(results).hasSize(1);
        assertThatIllegalStateException()
                .isThrownBy(results::iterator)
                .withMessageStartingWith("expected one iteration but this is the second");
    }

    private static void open(CountDownLatch latch) {
        try {
            Crew.await(latch);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
