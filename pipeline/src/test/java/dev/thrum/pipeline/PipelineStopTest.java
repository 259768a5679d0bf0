package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.testkit.LeakCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class PipelineStopTest {
    private static final StageName<Integer> FIRST = StageName.of("first", Integer.class);
    private static final StageName<Integer> SECOND = StageName.of("second", Integer.class);
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
    void pause_untilResume_letsNothingBegin() throws Exception {
        try (Pipeline pipeline =
                named().stage(FIRST, workers(2), (item, run) -> {}).start()) {
            pipeline.pause();
            for (int i = 0; i < 100; i++) {
                pipeline.put(FIRST, item(i));
            }
            pipeline.noMoreInput();
            assertThat(pipeline.join(Duration.ofMillis(20))).isEmpty();
            StageProgress paused = progress(pipeline, FIRST);
            assertThat(paused.done()).isZero();
            assertThat(paused.waiting()).isEqualTo(100);
            assertThat(paused.oldest()).isPositive();

            pipeline.resume();
            assertThat(pipeline.join().stage(FIRST).done()).isEqualTo(100);
        }
    }

    @Test
    void stop_always_letsRunningItemsEndAndHandsTheOthersBack() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try (Pipeline pipeline = named().stage(FIRST, workers(1).capacity(64).sendsTo(SECOND), (item, run) -> {
                    begun.countDown();
                    gate.await();
                    for (int i = 0; i < 10; i++) {
                        run.emit(SECOND, item(100 + i));
                    }
                })
                .stage(SECOND, workers(1).capacity(1), (item, run) -> {})
                .start()) {
            for (int i = 0; i < 50; i++) {
                pipeline.put(FIRST, item(i));
            }
            begun.await();
            CompletableFuture<List<Waiting<?>>> stop = new CompletableFuture<>();
            Thread stopper = Thread.ofVirtual().start(() -> {
                try {
                    stop.complete(pipeline.stop(LONG));
                } catch (InterruptedException e) {
                    stop.completeExceptionally(e);
                }
            });
            await(() -> stopper.getState() == Thread.State.TIMED_WAITING);
            gate.countDown();

            List<Waiting<?>> left = stop.get();

            assertThat(left).filteredOn(item -> item.stage().equals(FIRST)).hasSize(49);
            assertThat(left).filteredOn(item -> item.stage().equals(SECOND)).hasSize(10);
            assertThat(pipeline.stop(LONG)).isEqualTo(left);
            assertThat(pipeline.join().isComplete()).isFalse();
            assertThatThrownBy(() -> pipeline.put(FIRST, item(1)))
                    .isInstanceOf(dev.thrum.work.QueueClosedException.class);
        }
    }

    @Test
    void stop_withoutPatience_interruptsAndHandsBackWhatRan() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        try (Pipeline pipeline = named().stage(FIRST, workers(2).perKey(1), (item, run) -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                })
                .start()) {
            pipeline.put(FIRST, item(1));
            pipeline.put(FIRST, item(2));
            begun.await();

            List<Waiting<?>> left = pipeline.stop(Duration.ZERO);

            assertThat(left)
                    .hasSize(2)
                    .allSatisfy(item -> assertThat(item.attempts()).isEqualTo(1));
            assertThat(pipeline.join().deadLetterCount()).isZero();
        }
    }

    @Test
    void stop_duringARetry_handsTheItemBack() throws Exception {
        RetryPolicy slow = new RetryPolicy(3, Duration.ofHours(1), Duration.ofHours(1), failure -> true);
        try (Pipeline pipeline = named().stage(FIRST, workers(1).retry(slow), (item, run) -> {
                    throw new RetryAfterException("busy", Duration.ofHours(1), true);
                })
                .start()) {
            pipeline.put(FIRST, item(1));
            await(() -> progress(pipeline, FIRST).aside() == 1);

            assertThat(pipeline.stop(LONG)).singleElement().isEqualTo(new Waiting<>(FIRST, item(1), 1));
        }
    }

    @Test
    void close_byAFunctionOfThePipeline_doesNotWaitForItself() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        CompletableFuture<Pipeline> itself = new CompletableFuture<>();
        try (Pipeline pipeline = named().stage(FIRST, workers(1), (item, run) -> {
                    itself.join().close();
                    closed.set(true);
                })
                .start()) {
            pipeline.put(FIRST, item(1));
            itself.complete(pipeline);
            assertThat(pipeline.join(LONG)).isPresent();
            await(closed::get);
        }
    }
}
