package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a pipeline does with queues that other processes share: here they are scripted. */
@Timeout(60)
class SharedQueuesTest {
    private static final StageName<String> WORK = StageName.of("work", String.class);

    private final AtomicBoolean owned = new AtomicBoolean(true);
    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<DeadLetter<?>> kept = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();
    private final CountDownLatch dropped = new CountDownLatch(1);
    private final CountDownLatch concluded = new CountDownLatch(1);
    private final Scripted queues = new Scripted();

    /** An item that this process owns as long as the test says so. */
    private final class Owned implements PipelineQueue.Delivery<String> {
        private final PipelineQueue.Delivery<String> delivery;

        Owned(PipelineQueue.Delivery<String> delivery) {
            this.delivery = delivery;
        }

        @Override
        public Item<String> item() {
            return delivery.item();
        }

        @Override
        public long since() {
            return delivery.since();
        }

        @Override
        public boolean begin() {
            boolean mine = owned.get();
            if (!mine) {
                dropped.countDown();
            }
            return mine;
        }

        @Override
        public void end() {
            ended.add(item().id());
        }

        @Override
        public boolean isHeld() {
            return owned.get();
        }
    }

    /** A queue in memory that plays a durable one. */
    private final class OwnedQueue implements PipelineQueue<String> {
        private final PipelineQueue<String> queue = PipelineQueue.bounded(100, Clock.system());

        @Override
        public boolean waitsForRoom() {
            return true;
        }

        @Override
        public void listen(Runnable arrived) {
            queue.listen(arrived);
        }

        @Override
        public void put(Item<String> item) throws InterruptedException {
            queue.put(item);
        }

        @Override
        public int poll(int most, Consumer<? super Delivery<String>> to) {
            return queue.poll(most, delivery -> to.accept(new Owned(delivery)));
        }

        @Override
        public void done(Delivery<String> delivery) {
            acknowledged.add(delivery.item().id());
            concluded.countDown();
        }

        @Override
        public long size() {
            return queue.size();
        }

        @Override
        public Optional<Delivery<String>> peek() {
            return queue.peek();
        }

        @Override
        public boolean isDurable() {
            return true;
        }

        @Override
        public void stopDelivering() {}

        @Override
        public void close() {
            queue.close();
        }
    }

    private final class Scripted implements SharedQueues {
        private final AtomicReference<@Nullable Runnable> end = new AtomicReference<>();
        private final AtomicBoolean inputClosed = new AtomicBoolean();
        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        @SuppressWarnings("unchecked") // All stages here are of strings.
        public <T> StageQueues<T> open(StageName<T> stage, StageOptions options, Clock clock) {
            return (StageQueues<T>) new StageQueues<>(new OwnedQueue(), null);
        }

        @Override
        public void begin(Runnable onEnd) {
            end.set(onEnd);
        }

        @Override
        public void noMoreInput() {
            inputClosed.set(true);
        }

        @Override
        public boolean isInputClosed() {
            return inputClosed.get();
        }

        @Override
        public void keep(DeadLetter<?> letter) {
            kept.add(letter);
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }

    private Pipeline start(StageFunction<String> function) {
        return Pipeline.named("shared")
                .stage(
                        WORK,
                        StageOptions.workers(1)
                                .perKey(1)
                                .sendsTo(WORK)
                                .backlog(10)
                                .retry(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1), _ -> true)),
                        function)
                .on(queues)
                .start();
    }

    @Test
    void end_isWhatTheQueuesSay_notWhatThisProcessCounts() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (Pipeline pipeline = start((item, run) -> done.countDown())) {
            pipeline.put(WORK, Item.of("1", "value"));
            pipeline.noMoreInput();
            done.await();
            assertThat(pipeline.join(Duration.ofMillis(1)))
                    .as("others may have work")
                    .isEmpty();
            Objects.requireNonNull(queues.end.get()).run();
            assertThat(pipeline.join().isComplete()).isTrue();
        }
        assertThat(acknowledged).containsExactly("1");
        assertThat(queues.closed).isTrue();
    }

    @Test
    void put_afterAnotherProcessHasClosedTheInput_isRefused() {
        try (Pipeline pipeline = start((item, run) -> {})) {
            queues.inputClosed.set(true);
            assertThatThrownBy(() -> pipeline.put(WORK, Item.of("1", "value")))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void item_thatIsLostBeforeItBegins_isDropped() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        owned.set(false);
        try (Pipeline pipeline = start((item, run) -> ran.set(true))) {
            pipeline.put(WORK, Item.of("1", "value"));
            dropped.await();
            pipeline.noMoreInput();
        }
        assertThat(ran).isFalse();
        assertThat(acknowledged).isEmpty();
    }

    @Test
    void emit_ofAnItemThatIsLostMeanwhile_isRefused_andNothingFollows() throws Exception {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        CountDownLatch next = new CountDownLatch(1);
        try (Pipeline pipeline = start((item, run) -> {
            if (item.id().equals("next")) {
                next.countDown();
                return;
            }
            owned.set(false);
            try {
                run.emit(WORK, Item.of("child", "value"));
            } catch (ItemLostException lost) {
                thrown.set(lost);
                throw lost;
            }
        })) {
            pipeline.put(WORK, Item.of("lost", "key", "value"));
            pipeline.put(WORK, Item.of("dropped", "key", "value"));
            dropped.await();
            owned.set(true);
            pipeline.put(WORK, Item.of("next", "key", "value"));
            next.await();
            assertThat(pipeline.progress().getFirst().retried()).isZero();
        }
        assertThat(thrown.get()).hasMessageContaining("another process has the item now");
        assertThat(kept).isEmpty();
        assertThat(acknowledged).doesNotContain("lost", "dropped", "child");
    }

    @Test
    void deadLetter_isKeptBeforeItsItemIsAcknowledged() throws Exception {
        try (Pipeline pipeline = start((item, run) -> {
            throw new IllegalArgumentException("wrong");
        })) {
            pipeline.put(WORK, Item.of("1", "value"));
            concluded.await();
            Objects.requireNonNull(queues.end.get()).run();
            assertThat(pipeline.join().deadLetterCount()).isOne();
        }
        assertThat(kept).extracting(letter -> letter.item().id()).isEqualTo(List.of("1"));
        assertThat(ended).as("before its second attempt").containsExactly("1");
        assertThat(acknowledged).containsExactly("1");
    }

    @Test
    void stage_withAQueueOfItsOwn_isRefused() {
        PipelineBuilder builder = Pipeline.named("shared")
                .stage(WORK, StageOptions.workers(1), new OwnedQueue(), (item, run) -> {})
                .on(queues);
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no queue of its own for work");
    }
}
