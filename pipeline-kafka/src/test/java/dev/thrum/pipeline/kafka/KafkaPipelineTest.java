package dev.thrum.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.Pipeline;
import dev.thrum.pipeline.PipelineResult;
import dev.thrum.pipeline.StageFunction;
import dev.thrum.pipeline.StageName;
import dev.thrum.pipeline.StageOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pipelines of several processes, as far as the broker can tell them from such in one. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class KafkaPipelineTest {
    private static final StageName<String> WORK = StageName.of("work", String.class);
    private static final StageName<Integer> TREE = StageName.of("tree", Integer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaAddress address = SharedBroker.freshAddress();
    private final List<Member> processes = new ArrayList<>();

    /** What a process has of a pipeline. */
    private record Member(KafkaQueues queues, Pipeline pipeline) {
        /** Ends as a process does that is killed: nothing is acknowledged, nobody is told. */
        void kill() {
            queues.abandon();
            pipeline.close();
        }
    }

    @AfterEach
    void closeAll() {
        processes.forEach(process -> process.pipeline().close());
    }

    private Member process(StageOptions options, StageFunction<String> function) throws IOException {
        KafkaQueues queues = KafkaQueues.open(address, SharedBroker.options());
        Member process = new Member(
                queues,
                Pipeline.named("test").stage(WORK, options, function).on(queues).start());
        processes.add(process);
        return process;
    }

    /** Each item has two children, down to 0: a cycle. */
    private Member tree(StageOptions options, Map<String, AtomicInteger> done) throws IOException {
        KafkaQueues queues = KafkaQueues.open(address, SharedBroker.options());
        Member process = new Member(
                queues,
                Pipeline.named("test")
                        .stage(TREE, options.backlog(10_000).sendsTo(TREE), (item, run) -> {
                            if (item.value() > 0) {
                                run.emit(TREE, Item.of(item.id() + "0", item.value() - 1));
                                run.emit(TREE, Item.of(item.id() + "1", item.value() - 1));
                            }
                            done.computeIfAbsent(item.id(), _ -> new AtomicInteger())
                                    .incrementAndGet();
                        })
                        .on(queues)
                        .start());
        processes.add(process);
        return process;
    }

    private static Item<String> item(int number) {
        return Item.of("item-" + number, "key-" + number % 7, "value " + number);
    }

    private static PipelineResult join(Member process) throws InterruptedException {
        PipelineResult result = process.pipeline().join(PATIENCE).orElse(null);
        assertThat(result)
                .as("the end is found; progress %s", process.pipeline().progress())
                .isNotNull();
        assertThat(Objects.requireNonNull(result).isComplete()).isTrue();
        return result;
    }

    @Test
    void keyedStage_ofTwoProcesses_endsInBoth_withEachItemOnce() throws Exception {
        endsInBoth(StageOptions.workers(2).perKey(1));
    }

    @Test
    void unkeyedStage_ofTwoProcesses_endsInBoth_withEachItemOnce() throws Exception {
        endsInBoth(StageOptions.workers(2));
    }

    private void endsInBoth(StageOptions options) throws Exception {
        Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
        StageFunction<String> count = (item, run) ->
                done.computeIfAbsent(item.id(), _ -> new AtomicInteger()).incrementAndGet();
        Member first = process(options, count);
        Member second = process(options, count);
        for (int i = 0; i < 200; i++) {
            first.pipeline().put(WORK, item(i));
        }
        first.pipeline().noMoreInput();

        long all = join(first).stage(WORK).done() + join(second).stage(WORK).done();

        assertThat(all).isEqualTo(200);
        assertThat(done).hasSize(200);
        assertThatThrownBy(() -> second.pipeline().put(WORK, item(200))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void cycle_ofThreeProcesses_ends_whenTheLastGenerationIsDone() throws Exception {
        Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
        StageOptions options = StageOptions.workers(4).perKey(1);
        Member first = tree(options, done);
        Member second = tree(options, done);
        Member third = tree(options, done);
        first.pipeline().put(TREE, Item.of("t", 7));
        first.pipeline().noMoreInput();

        join(first);
        join(second);
        join(third);

        assertThat(done).hasSize((1 << 8) - 1);
    }

    @Test
    void unkeyedCycle_ofTwoProcesses_ends() throws Exception {
        Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
        Member first = tree(StageOptions.workers(4), done);
        Member second = tree(StageOptions.workers(4), done);
        first.pipeline().put(TREE, Item.of("t", 6));
        first.pipeline().noMoreInput();

        join(first);
        join(second);

        assertThat(done).hasSize((1 << 7) - 1);
    }

    @Test
    void process_thatComesAfterTheEnd_endsAtOnce() throws Exception {
        Member first = process(StageOptions.workers(1).perKey(1), (item, run) -> {});
        first.pipeline().put(WORK, item(1));
        first.pipeline().noMoreInput();
        join(first);

        Member second = process(StageOptions.workers(1).perKey(1), (item, run) -> {});

        assertThat(join(second).stage(WORK).done()).isZero();
    }

    @Test
    void keyedItems_ofAProcessThatIsKilled_areDoneByAnother() throws Exception {
        survivesAKill(StageOptions.workers(2).perKey(1));
    }

    @Test
    void unkeyedItems_ofAProcessThatIsKilled_areDoneByAnother() throws Exception {
        survivesAKill(StageOptions.workers(2));
    }

    private void survivesAKill(StageOptions options) throws Exception {
        Set<String> done = ConcurrentHashMap.newKeySet();
        Semaphore begun = new Semaphore(0);
        CountDownLatch never = new CountDownLatch(1);
        Member victim = process(options, (item, run) -> {
            begun.release();
            never.await();
        });
        for (int i = 0; i < 50; i++) {
            victim.pipeline().put(WORK, item(i));
        }
        victim.pipeline().noMoreInput();
        begun.acquire();
        victim.kill();

        Member heir = process(options, (item, run) -> done.add(item.id()));
        // The other one may have been killed before it has told.
        heir.pipeline().noMoreInput();

        join(heir);
        assertThat(done)
                .isEqualTo(IntStream.range(0, 50).mapToObj(i -> item(i).id()).collect(Collectors.toSet()));
    }

    /** A stop is no kill: what was not begun goes to another process at once, before any session is over. */
    @Test
    void stop_ofAProcess_handsItsItemsOver() throws Exception {
        Set<String> done = ConcurrentHashMap.newKeySet();
        CountDownLatch some = new CountDownLatch(10);
        Member first = process(StageOptions.workers(1).perKey(1), (item, run) -> {
            done.add(item.id());
            some.countDown();
        });
        for (int i = 0; i < 100; i++) {
            first.pipeline().put(WORK, item(i));
        }
        some.await();
        first.pipeline().noMoreInput();
        assertThat(first.pipeline().stop(Duration.ofSeconds(5))).isEmpty();

        Member second = process(StageOptions.workers(1).perKey(1), (item, run) -> done.add(item.id()));

        join(second);
        assertThat(done).hasSize(100);
    }

    @Test
    void item_thatFails_becomesADeadLetterWithItsReason_andThePipelineEnds() throws Exception {
        Member process = process(
                StageOptions.workers(2)
                        .perKey(1)
                        .retry(new dev.thrum.pipeline.RetryPolicy(
                                2, Duration.ofMillis(10), Duration.ofMillis(20), failure -> true)),
                (item, run) -> {
                    if (item.id().equals("item-3")) {
                        throw new IOException("no such page");
                    }
                });
        for (int i = 0; i < 5; i++) {
            process.pipeline().put(WORK, item(i));
        }
        process.pipeline().noMoreInput();

        assertThat(join(process).deadLetterCount()).isOne();
        List<DeadRecord> letters = DeadRecord.all(address);
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().id()).isEqualTo("item-3");
        assertThat(letters.getFirst().stage()).isEqualTo("work");
        assertThat(letters.getFirst().attempts()).isEqualTo("2");
        assertThat(letters.getFirst().reason()).contains("IOException: no such page");
    }
}
