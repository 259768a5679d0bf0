package dev.thrum.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.Pipeline;
import dev.thrum.pipeline.PipelineQueue;
import dev.thrum.pipeline.StageFunction;
import dev.thrum.pipeline.StageName;
import dev.thrum.pipeline.StageOptions;
import dev.thrum.pipeline.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Wrong settings, and a broker that goes away. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class KafkaFaultsTest {
    private static final StageName<String> WORK = StageName.of("work", String.class);
    private static final StageOptions KEYED = StageOptions.workers(2).perKey(1);

    private final KafkaAddress address = SharedBroker.freshAddress();
    private final List<KafkaQueues> opened = new ArrayList<>();
    private final List<Pipeline> pipelines = new ArrayList<>();

    @AfterEach
    void closeAll() {
        pipelines.forEach(Pipeline::close);
        opened.forEach(KafkaQueues::close);
    }

    private KafkaQueues queues(KafkaOptions options) throws IOException {
        KafkaQueues queues = KafkaQueues.open(address, options);
        opened.add(queues);
        return queues;
    }

    private PipelineQueue<String> queue(StageOptions options) throws IOException {
        KafkaQueues queues = queues(SharedBroker.options());
        PipelineQueue<String> queue = queues.open(WORK, options, Clock.system()).input();
        queues.begin(() -> {});
        return queue;
    }

    private Pipeline pipeline(StageOptions options, StageFunction<String> function) throws IOException {
        Pipeline pipeline = Pipeline.named("test")
                .stage(WORK, options, function)
                .on(queues(SharedBroker.options()))
                .start();
        pipelines.add(pipeline);
        return pipeline;
    }

    @Test
    void noMoreInput_isKnownToOthers_howeverSoonTheProcessStops() throws Exception {
        KafkaQueues first = queues(SharedBroker.options());
        first.open(WORK, KEYED, Clock.system());
        first.begin(() -> {});
        first.noMoreInput();
        first.close();

        KafkaQueues second = queues(SharedBroker.options());
        second.open(WORK, KEYED, Clock.system());
        second.begin(() -> {});
        assertThat(second.isInputClosed()).isTrue();
    }

    @Test
    void topic_withAnotherNumberOfPartitions_isRefused() throws Exception {
        queue(KEYED);
        KafkaQueues other = queues(SharedBroker.options().partitions(5));
        assertThatThrownBy(() -> other.open(WORK, KEYED, Clock.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected topic " + address.name()
                        + ".work with 5 partitions but it has 3: ask for 3, or use another name");
    }

    @Test
    void stage_thatOtherProcessesHaveOtherwise_isRefused() throws Exception {
        queue(KEYED);
        KafkaQueues other = queues(SharedBroker.options());
        assertThatThrownBy(() -> other.open(WORK, StageOptions.workers(1), Clock.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("have another stage of this name: keyed java.lang.String");
    }

    @Test
    void session_thatTheBrokerDoesNotAllow_isRefused() throws Exception {
        KafkaQueues other = queues(SharedBroker.options().session(Duration.ofHours(1)));
        assertThatThrownBy(() -> other.open(WORK, KEYED, Clock.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("to accept sessions of 3600 s");
    }

    @Test
    void item_thatIsLargerThanTheBrokerTakes_isRefused() throws Exception {
        PipelineQueue<String> queue = queue(KEYED);
        assertThatThrownBy(() -> queue.put(Item.of("large", "x".repeat(2_000_000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("but large has 20002");
        queue.put(Item.of("small", "x".repeat(1_000_000)));
        assertThat(queue.size()).isOne();
    }

    @Test
    void value_thatCannotBeSerialized_isRefused() throws Exception {
        StageName<Thread> threads = StageName.of("threads", Thread.class);
        KafkaQueues queues = queues(SharedBroker.options());
        PipelineQueue<Thread> queue =
                queues.open(threads, KEYED, Clock.system()).input();
        assertThatThrownBy(() -> queue.put(Item.of("1", Thread.currentThread())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.io.Serializable");
    }

    @Test
    void pipeline_whoseBrokerIsRestarted_goesOn_andEnds() throws Exception {
        Set<String> done = ConcurrentHashMap.newKeySet();
        CountDownLatch some = new CountDownLatch(5);
        Pipeline pipeline = pipeline(KEYED, (item, run) -> {
            done.add(item.id());
            some.countDown();
        });
        for (int i = 0; i < 20; i++) {
            pipeline.put(WORK, Item.of("before-" + i, "value"));
        }
        some.await();
        SharedBroker.broker().restart();
        for (int i = 0; i < 20; i++) {
            pipeline.put(WORK, Item.of("after-" + i, "value"));
        }
        pipeline.noMoreInput();

        assertThat(pipeline.join(Duration.ofSeconds(80))).isPresent();
        assertThat(done).hasSize(40);
    }

    @Test
    void stop_whileTheBrokerIsAway_ends() throws Exception {
        Pipeline pipeline = pipeline(KEYED, (item, run) -> {});
        SharedBroker.broker().stop();
        try {
            while (!waitsForTheControlTopic()) {
                Thread.onSpinWait();
            }
            List<Waiting<?>> left = pipeline.stop(Duration.ZERO);

            assertThat(left).isEmpty();
            assertThat(pipeline.join(Duration.ZERO)).isPresent();
        } finally {
            SharedBroker.broker().startAgain();
        }
    }

    private boolean waitsForTheControlTopic() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("thrum-kafka-" + address.name()))
                .anyMatch(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getMethodName().equals("endOffsets")));
    }

    /** Its processes are killed each time, here by losing their lock: it must not vanish, nor come for ever. */
    @Test
    void unkeyedItem_thatNobodyFinishes_becomesADeadLetter() throws Exception {
        KafkaOptions once = SharedBroker.options().lock(Duration.ofSeconds(1)).deliveries(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        KafkaQueues victim = queues(once);
        Pipeline first = Pipeline.named("first")
                .stage(WORK, StageOptions.workers(1), (item, run) -> {
                    begun.countDown();
                    never.await();
                })
                .on(victim)
                .start();
        pipelines.add(first);
        first.put(WORK, Item.of("killer", "value"));
        first.noMoreInput();
        begun.await();
        victim.abandon();

        Pipeline second = Pipeline.named("second")
                .stage(WORK, StageOptions.workers(1), (item, run) -> {})
                .on(queues(once))
                .start();
        pipelines.add(second);

        assertThat(second.join(Duration.ofSeconds(60))).isPresent();
        List<DeadRecord> letters = DeadRecord.all(address);
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().id()).isEqualTo("killer");
        assertThat(letters.getFirst().reason()).contains("delivered 1 times");
    }
}
