package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class PipelineTest {
    private static final StageName<Integer> FIRST = StageName.of("first", Integer.class);
    private static final StageName<Integer> SECOND = StageName.of("second", Integer.class);
    private static final StageName<Integer> THIRD = StageName.of("third", Integer.class);
    private static final RetryPolicy AT_ONCE = new RetryPolicy(3, Duration.ZERO, Duration.ZERO, failure -> true);

    /** Long enough for a machine that is busy, and never reached. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Item<Integer> item(int number) {
        return Item.of("item-" + number, "key-" + number % 5, number);
    }

    private static PipelineBuilder named() {
        return Pipeline.named("test");
    }

    private static StageOptions workers(int number) {
        return StageOptions.workers(number).retry(AT_ONCE);
    }

    private static PipelineResult run(PipelineBuilder definition, int items) throws InterruptedException {
        try (Pipeline pipeline = definition.start()) {
            for (int i = 0; i < items; i++) {
                pipeline.put(FIRST, item(i));
            }
            pipeline.noMoreInput();
            return pipeline.join();
        }
    }

    /** Waits until a pipeline shows something that it reaches by itself. */
    private static void await(java.util.function.BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static StageProgress progress(Pipeline pipeline, StageName<?> stage) {
        return pipeline.progress().stream()
                .filter(progress -> progress.name().equals(stage.name()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void items_ofAllStages_areDoneAtTheEnd() throws Exception {
        LongAdder sum = new LongAdder();
        PipelineResult result = run(
                named().stage(FIRST, workers(3).capacity(16).sendsTo(SECOND), (item, run) -> {
                            run.emit(SECOND, item);
                            run.emit(SECOND, item(item.value() + 1_000_000));
                        })
                        .stage(
                                SECOND,
                                workers(2).virtual().capacity(7).sendsTo(THIRD),
                                (item, run) -> run.emit(THIRD, item))
                        .stage(THIRD, workers(2), (item, run) -> sum.add(item.value())),
                20_000);

        assertThat(result.isComplete()).isTrue();
        assertThat(result.stage(FIRST).done()).isEqualTo(20_000);
        assertThat(result.stage(SECOND).done()).isEqualTo(40_000);
        assertThat(result.stage(THIRD).done()).isEqualTo(40_000);
        assertThat(sum.sum()).isEqualTo(2 * 20_000L * 19_999 / 2 + 20_000L * 1_000_000);
        assertThat(result.stages())
                .allSatisfy(stage -> assertThat(stage.unfinished()).isZero());
    }

    @Test
    void items_ofOneWorker_areDoneInTheirOrder() throws Exception {
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        run(named().stage(FIRST, workers(1), (item, run) -> seen.add(item.value())), 1_000);

        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void end_withoutItems_comesWithNoMoreInput() throws Exception {
        try (Pipeline pipeline =
                named().stage(FIRST, workers(2), (item, run) -> {}).start()) {
            assertThat(pipeline.join(Duration.ofMillis(1))).isEmpty();
            pipeline.noMoreInput();
            pipeline.noMoreInput();
            assertThat(pipeline.join(LONG))
                    .get()
                    .satisfies(result -> assertThat(result.isComplete()).isTrue());
        }
    }

    @Test
    void cycle_thatSendsMoreBackThanItsQueuesHold_doesNotDeadlock() throws Exception {
        int last = 10_000;
        PipelineResult result = run(
                named().stage(
                                FIRST,
                                workers(2).capacity(1).backlog(last).sendsTo(SECOND),
                                (item, run) -> run.emit(SECOND, item))
                        .stage(SECOND, workers(2).capacity(1).sendsTo(FIRST), (item, run) -> {
                            // From 0, each number up to the last one is sent once.
                            for (int child = 2 * item.value() + 1; child <= 2 * item.value() + 2; child++) {
                                if (child <= last) {
                                    run.emit(FIRST, item(child));
                                }
                            }
                        }),
                1);

        assertThat(result.deadLetters()).isEmpty();
        assertThat(result.stage(SECOND).done()).isEqualTo(last + 1);
    }

    @Test
    void put_whenTheLastStageIsBusy_waitsForRoom() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger accepted = new AtomicInteger();
        try (Pipeline pipeline = named().stage(
                        FIRST, workers(1).capacity(2).sendsTo(SECOND), (item, run) -> run.emit(SECOND, item))
                .stage(SECOND, workers(1).capacity(3), (item, run) -> gate.await())
                .start()) {
            Thread feeder = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        pipeline.put(FIRST, item(i));
                        accepted.incrementAndGet();
                    }
                    pipeline.noMoreInput();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            // 2 wait and 1 runs in the first stage, 3 wait and 1 runs in the second.
            await(() -> accepted.get() == 7 && feeder.getState() == Thread.State.WAITING);
            assertThat(progress(pipeline, FIRST).waiting()).isEqualTo(2);
            assertThat(progress(pipeline, SECOND).waiting()).isEqualTo(3);
            gate.countDown();
            assertThat(pipeline.join().stage(SECOND).done()).isEqualTo(100);
        }
    }

    /** A worker takes several items at once; those that it has not begun are there for the others. */
    @Test
    void item_behindASlowOne_isRunByAnotherWorker() throws Exception {
        CountDownLatch othersDone = new CountDownLatch(99);
        PipelineResult result = run(
                named().stage(FIRST, workers(2).capacity(256), (item, run) -> {
                    if (item.value() == 50) {
                        othersDone.await();
                    } else {
                        othersDone.countDown();
                    }
                }),
                100);

        assertThat(result.stage(FIRST).done()).isEqualTo(100);
    }

    @Test
    void item_thatFailsForAWhile_isTriedAgain() throws Exception {
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        PipelineResult result = run(
                named().stage(FIRST, workers(1), (item, run) -> {
                    attempts.add(run.attempt());
                    if (run.attempt() < 3) {
                        throw new IOException("try again");
                    }
                }),
                1);

        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(result.stage(FIRST).done()).isEqualTo(1);
        assertThat(result.stage(FIRST).retried()).isEqualTo(2);
        assertThat(result.deadLetters()).isEmpty();
    }

    @Test
    void item_thatAlwaysFails_becomesADeadLetterAndTheOthersGoOn() throws Exception {
        PipelineResult result = run(
                named().stage(FIRST, workers(2), (item, run) -> {
                    if (item.value() == 7) {
                        throw new IOException("attempt " + run.attempt());
                    }
                }),
                100);

        assertThat(result.isComplete()).isTrue();
        assertThat(result.stage(FIRST).done()).isEqualTo(99);
        assertThat(result.stage(FIRST).failed()).isEqualTo(1);
        assertThat(result.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.stage()).isEqualTo(FIRST);
            assertThat(letter.item()).isEqualTo(item(7));
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.reason()).isInstanceOf(IOException.class).hasMessage("attempt 3");
        });
    }

    @Test
    void errorAndInterrupt_areNotRetried() throws Exception {
        ConcurrentHashMap<Integer, AtomicInteger> attempts = new ConcurrentHashMap<>();
        PipelineResult result = run(
                named().stage(FIRST, workers(1), (item, run) -> {
                    attempts.computeIfAbsent(item.value(), key -> new AtomicInteger())
                            .incrementAndGet();
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    switch (item.value()) {
                        case 0 -> throw new AssertionError("defect");
                        case 1 -> throw new InterruptedException();
                        case 2 -> {
                            Thread.currentThread().interrupt();
                            throw new IOException("interrupted");
                        }
                        case 3 -> Thread.currentThread().interrupt();
                        default -> {}
                    }
                }),
                5);

        assertThat(attempts.values()).allSatisfy(count -> assertThat(count).hasValue(1));
        assertThat(result.deadLetterCount()).isEqualTo(3);
        assertThat(result.stage(FIRST).done()).isEqualTo(2);
    }

    @Test
    void retry_thatIsPermitted_isDecidedByThePolicy() throws Exception {
        RetryPolicy onlyIo = new RetryPolicy(3, Duration.ZERO, Duration.ZERO, IOException.class::isInstance);
        RetryPolicy broken = new RetryPolicy(3, Duration.ZERO, Duration.ZERO, failure -> {
            throw new IllegalStateException("broken policy");
        });
        for (RetryPolicy policy : List.of(onlyIo, broken)) {
            PipelineResult result = run(
                    named().stage(FIRST, workers(1).retry(policy), (item, run) -> {
                        throw new IllegalArgumentException("permanent");
                    }),
                    1);
            assertThat(result.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.attempts()).isEqualTo(1));
        }
    }

    @Test
    void deadLetters_withAListener_areNotKept() throws Exception {
        Queue<DeadLetter<?>> received = new ConcurrentLinkedQueue<>();
        PipelineResult result = run(
                named().deadLetters(letter -> {
                            received.add(letter);
                            throw new IllegalStateException("a listener that fails");
                        })
                        .stage(FIRST, workers(2), (item, run) -> {
                            throw new IOException("no");
                        }),
                50);

        assertThat(received).hasSize(50);
        assertThat(result.deadLetters()).isEmpty();
        assertThat(result.deadLetterCount()).isEqualTo(50);
        assertThat(result.isComplete()).isTrue();
    }

    @Test
    void deadLetters_withoutAListener_areKeptUpToABound() throws Exception {
        PipelineResult result = run(
                named().stage(FIRST, workers(2).retry(RetryPolicy.never()), (item, run) -> {
                    throw new IOException("no");
                }),
                1_500);

        assertThat(result.deadLetters()).hasSize(1_000);
        assertThat(result.deadLetterCount()).isEqualTo(1_500);
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // So that others get a chance to do what they must not.
    void keyedStage_always_runsOneItemOfAKeyAtATime() throws Exception {
        ConcurrentHashMap<String, AtomicInteger> running = new ConcurrentHashMap<>();
        AtomicInteger most = new AtomicInteger();
        PipelineResult result = run(
                named().stage(FIRST, workers(8).virtual().perKey(1), (item, run) -> {
                    AtomicInteger ofKey = running.computeIfAbsent(item.key(), key -> new AtomicInteger());
                    most.accumulateAndGet(ofKey.incrementAndGet(), Math::max);
                    Thread.yield();
                    ofKey.decrementAndGet();
                    if (item.value() % 10 == 0 && run.attempt() == 1) {
                        throw new IOException("again");
                    }
                }),
                5_000);

        assertThat(most).hasValue(1);
        assertThat(result.stage(FIRST).done()).isEqualTo(5_000);
    }

    @Test
    void busyKey_always_letsOthersPass() throws Exception {
        CountDownLatch othersDone = new CountDownLatch(80);
        PipelineResult result = run(
                named().stage(FIRST, workers(2).perKey(1), (item, run) -> {
                    if (item.value() == 0) {
                        othersDone.await();
                    } else if (!item.key().equals("key-0")) {
                        othersDone.countDown();
                    }
                }),
                100);

        assertThat(result.stage(FIRST).done()).isEqualTo(100);
    }

    @Test
    void setAside_beyondTheCapacity_stopsTheIntake() throws Exception {
        RetryPolicy slow = new RetryPolicy(3, Duration.ZERO, Duration.ZERO, failure -> true);
        AtomicInteger begun = new AtomicInteger();
        try (Pipeline pipeline = named().stage(FIRST, workers(2).capacity(4).retry(slow), (item, run) -> {
                    begun.incrementAndGet();
                    throw new RetryAfterException("busy", Duration.ofHours(1), false);
                })
                .start()) {
            for (int i = 0; i < 6; i++) {
                pipeline.put(FIRST, item(i));
            }
            await(() -> progress(pipeline, FIRST).aside() >= 4);
            assertThat(pipeline.stop(LONG)).hasSize(6);
            // A worker that was about to begin when the limit was reached has begun.
            assertThat(begun).hasValueBetween(4, 5);
        }
    }

    @Test
    void misuse_always_isRefusedWithARemedy() throws Exception {
        CompletableFuture<StageRun> kept = new CompletableFuture<>();
        CompletableFuture<Pipeline> itself = new CompletableFuture<>();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (Pipeline pipeline = named().stage(FIRST, workers(1).sendsTo(SECOND), (item, run) -> {
                    kept.complete(run);
                    failures.add(failure(() -> run.emit(THIRD, item)));
                    failures.add(failure(() -> run.holdKey(LONG)));
                    failures.add(failure(() -> itself.join().put(FIRST, item)));
                    failures.add(failure(() -> itself.join().join()));
                    failures.add(failure(() -> itself.join().stop(LONG)));
                })
                .stage(SECOND, workers(1), (item, run) -> {})
                .start()) {
            itself.complete(pipeline);
            assertThatThrownBy(() -> pipeline.put(THIRD, item(1))).hasMessageContaining("one of [first, second]");
            pipeline.put(FIRST, item(1));
            pipeline.noMoreInput();
            pipeline.join();

            assertThat(failures)
                    .extracting(Throwable::getMessage)
                    .satisfiesExactly(
                            message -> assertThat(message).contains("add StageOptions.sendsTo(third)"),
                            message -> assertThat(message).contains("give it a StageOptions.perKey"),
                            message -> assertThat(message).contains("send with StageRun.emit"),
                            message -> assertThat(message).contains("return, so that the item is done"),
                            message -> assertThat(message).contains("stop it from another thread"));
            assertThatThrownBy(() -> kept.join().emit(SECOND, item(1))).hasMessageContaining("while it runs");
            assertThatThrownBy(() -> pipeline.put(FIRST, item(1))).hasMessageContaining("before noMoreInput");
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static Throwable failure(Call call) {
        return org.assertj.core.api.Assertions.catchThrowable(call::run);
    }

    @Test
    void fullBacklog_always_failsTheSender() throws Exception {
        PipelineResult result = run(
                named().stage(
                                FIRST,
                                workers(1)
                                        .backlog(10)
                                        .retry(RetryPolicy.never())
                                        .sendsTo(FIRST),
                                (item, run) -> {
                                    for (int i = 1; item.value() == 0 && i <= 12; i++) {
                                        run.emit(FIRST, item(i));
                                    }
                                }),
                1);

        assertThat(result.stage(FIRST).done()).isEqualTo(10);
        assertThat(result.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason())
                        .isInstanceOf(QueueFullException.class)
                        .hasMessageContaining("expected at most 10 items"));
    }
}
