package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A queue that outlives its pipeline keeps the contract, and a second pipeline goes on where the first was stopped. */
@Timeout(60)
class StoredQueueTest {
    private static final StageName<String> WORK = StageName.of("work", String.class);
    private static final StageName<String> REST = StageName.of("rest", String.class);

    @Nested
    class Contract extends PipelineQueueContract {
        private final StoredQueue.Store<String> store = new StoredQueue.Store<>();
        private int limit;
        private Clock clock = Clock.system();

        @Override
        protected PipelineQueue<String> open(int capacity, Clock time) {
            limit = capacity;
            clock = time;
            return openAgain();
        }

        @Override
        protected PipelineQueue<String> openAgain() {
            return new StoredQueue<>(store, limit, clock);
        }
    }

    @Test
    void pipeline_onAStoredQueue_goesOnAfterAStop() throws Exception {
        StoredQueue.Store<String> store = new StoredQueue.Store<>();
        Set<String> done = ConcurrentHashMap.newKeySet();
        CountDownLatch someDone = new CountDownLatch(10);
        try (Pipeline first = pipeline(store, (item, run) -> {
            if (done.size() >= 10) {
                new CountDownLatch(1).await();
            }
            done.add(item.id());
            someDone.countDown();
        })) {
            for (int i = 0; i < 100; i++) {
                first.put(WORK, Item.of("item-" + i, "value"));
            }
            someDone.await();
            assertThat(first.stop(Duration.ZERO))
                    .filteredOn(item -> item.stage().equals(WORK))
                    .isEmpty();
            assertThat(first.join().isComplete()).isFalse();
        }
        int before = done.size();
        Queue<String> again = new ConcurrentLinkedQueue<>();

        try (Pipeline second = pipeline(store, (item, run) -> {
            again.add(item.id());
            done.add(item.id());
        })) {
            second.noMoreInput();
            assertThat(second.join().isComplete()).isTrue();
        }

        assertThat(done).hasSize(100);
        assertThat(again).hasSize(100 - before).doesNotHaveDuplicates();
    }

    private static Pipeline pipeline(StoredQueue.Store<String> store, StageFunction<String> function) {
        return Pipeline.named("stored")
                .stage(
                        WORK,
                        StageOptions.workers(2).sendsTo(REST),
                        new StoredQueue<>(store, 1_000, Clock.system()),
                        function)
                .stage(REST, StageOptions.workers(1), (item, run) -> {})
                .start();
    }
}
