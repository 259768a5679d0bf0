package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.base.Clock;
import dev.thrum.pipeline.PipelineQueue.Delivery;
import dev.thrum.work.QueueClosedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of {@link PipelineQueue}. Each implementation has a subclass that says how to open a queue. */
@Timeout(60)
public abstract class PipelineQueueContract {
    private static final int CAPACITY = 100;

    private final Semaphore arrivals = new Semaphore(0);
    private PipelineQueue<String> queue;

    /** Opens an empty queue that has room for this many items, and whose arrivals are timed by this clock. */
    protected abstract PipelineQueue<String> open(int capacity, Clock clock) throws Exception;

    /** Opens the same queue again, after it was closed; only for a durable one. */
    protected PipelineQueue<String> openAgain() throws Exception {
        throw new UnsupportedOperationException("expected a durable queue to override openAgain");
    }

    @BeforeEach
    void openQueue() throws Exception {
        queue = open(CAPACITY, Clock.system());
        queue.listen(arrivals::release);
    }

    @AfterEach
    void closeQueue() {
        queue.close();
    }

    private static Item<String> item(String key, int number) {
        return Item.of(key + "-" + number, key, "value " + number);
    }

    /** Polls until this many items are there; waits for announcements. */
    private List<Delivery<String>> poll(int number) throws InterruptedException {
        List<Delivery<String>> all = new ArrayList<>();
        while (all.size() < number) {
            if (queue.poll(number - all.size(), all::add) == 0) {
                assertThat(arrivals.tryAcquire(10, TimeUnit.SECONDS))
                        .as("the listener is called when an item arrives")
                        .isTrue();
            }
        }
        return all;
    }

    private static List<Item<String>> items(List<Delivery<String>> deliveries) {
        return deliveries.stream().map(Delivery::item).toList();
    }

    @Test
    void poll_ofAnEmptyQueue_returnsAtOnce() {
        assertThat(queue.poll(10, delivery -> {})).isZero();
        assertThat(queue.size()).isZero();
        assertThat(queue.peek()).isEmpty();
    }

    @Test
    void item_whenPolled_isEqualToWhatWasPut() throws Exception {
        Item<String> item = Item.of("ïd", "kéy", "vàlue\n");

        queue.put(item);

        assertThat(items(poll(1))).containsExactly(item);
    }

    @Test
    void items_ofAKey_areDeliveredInOrder() throws Exception {
        for (int i = 0; i < 20; i++) {
            queue.put(item("a", i));
            queue.put(item("b", i));
        }

        List<Item<String>> polled = items(poll(40));

        for (String key : List.of("a", "b")) {
            assertThat(polled.stream().filter(item -> item.key().equals(key)).map(Item::value))
                    .isEqualTo(java.util.stream.IntStream.range(0, 20)
                            .mapToObj(i -> "value " + i)
                            .toList());
        }
    }

    @Test
    void items_withTheSameId_areBothDelivered() throws Exception {
        queue.put(item("a", 1));
        queue.put(item("a", 1));

        assertThat(items(poll(2))).containsExactly(item("a", 1), item("a", 1));
    }

    @Test
    void poll_always_deliversAtMostWhatWasAskedFor() throws Exception {
        for (int i = 0; i < 10; i++) {
            queue.put(item("a", i));
        }

        List<Delivery<String>> some = new ArrayList<>(poll(1));
        assertThat(queue.poll(3, some::add)).isLessThanOrEqualTo(3);
        assertThat(queue.poll(0, some::add)).isZero();
        some.addAll(poll(10 - some.size()));
        assertThat(new HashSet<>(items(some))).hasSize(10);
    }

    @Test
    void delivery_thatIsNotDone_isMadeOnceInAProcess() throws Exception {
        queue.put(item("a", 1));

        assertThat(poll(1)).hasSize(1);

        assertThat(queue.poll(10, delivery -> {})).isZero();
        assertThat(queue.size()).isZero();
    }

    @Test
    void arrival_always_isTimedByTheClock() throws Exception {
        long before = Clock.system().nanoTime();
        queue.put(item("a", 1));
        Delivery<String> delivery = poll(1).getFirst();

        assertThat(delivery.since() - before).isNotNegative();
        assertThat(Clock.system().nanoTime() - delivery.since()).isNotNegative();
    }

    @Test
    void put_whenFull_waitsForRoomOrRefuses() throws Exception {
        for (int i = 0; i < CAPACITY; i++) {
            queue.put(item("a", i));
        }
        if (queue.waitsForRoom()) {
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Boolean> waiting = inBackground(() -> {
                begun.countDown();
                queue.put(item("a", CAPACITY));
                return true;
            });
            begun.await();
            assertThat(waiting).isNotDone();
            assertThat(poll(CAPACITY + 1)).hasSize(CAPACITY + 1);
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
        } else {
            assertThatThrownBy(() -> queue.put(item("a", CAPACITY))).isInstanceOf(QueueFullException.class);
            assertThat(poll(CAPACITY)).hasSize(CAPACITY);
            queue.put(item("a", CAPACITY));
        }
    }

    @Test
    void put_afterClose_isRefused() {
        queue.close();
        queue.close();

        assertThatThrownBy(() -> queue.put(item("a", 1))).isInstanceOf(QueueClosedException.class);
    }

    @Test
    void put_thatWaitsForRoom_isRefusedByClose() throws Exception {
        assumeTrue(queue.waitsForRoom());
        for (int i = 0; i < CAPACITY; i++) {
            queue.put(item("a", i));
        }
        CompletableFuture<Boolean> waiting = inBackground(() -> {
            queue.put(item("a", CAPACITY));
            return true;
        });

        queue.close();

        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(QueueClosedException.class);
    }

    @Test
    void items_leftAtClose_areDeliveredByAQueueInMemory() throws Exception {
        assumeFalse(queue.isDurable());
        queue.put(item("a", 1));

        queue.close();

        assertThat(items(poll(1))).containsExactly(item("a", 1));
    }

    @Test
    void items_notDoneAtClose_areDeliveredByADurableQueueThatIsOpenedAgain() throws Exception {
        assumeTrue(queue.isDurable());
        for (int i = 0; i < 3; i++) {
            queue.put(item("a", i));
        }
        List<Delivery<String>> taken = poll(2);
        queue.done(taken.getFirst());
        queue.close();
        assertThat(queue.poll(10, delivery -> {})).isZero();

        queue = openAgain();
        queue.listen(arrivals::release);

        Set<Item<String>> again = new HashSet<>(items(poll(2)));
        assertThat(again).contains(item("a", 1), item("a", 2));
    }

    /** What several threads put is delivered to several others, each item at least once. */
    @Test
    void items_ofManyThreads_areAllDelivered() throws Exception {
        int perThread = 2_000;
        List<CompletableFuture<Boolean>> producers = new ArrayList<>();
        for (String key : List.of("a", "b", "c")) {
            producers.add(inBackground(() -> {
                for (int i = 0; i < perThread; i++) {
                    putPatiently(item(key, i));
                }
                return true;
            }));
        }
        Set<String> ids = new HashSet<>();
        while (ids.size() < 3 * perThread) {
            poll(1).forEach(delivery -> {
                ids.add(delivery.item().id());
                queue.done(delivery);
            });
        }
        for (CompletableFuture<Boolean> producer : producers) {
            assertThat(producer.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void putPatiently(Item<String> item) throws InterruptedException {
        while (true) {
            try {
                queue.put(item);
                return;
            } catch (QueueFullException full) {
                Thread.onSpinWait();
            }
        }
    }

    /** Work of a thread of its own. */
    private interface Work {
        boolean run() throws Exception;
    }

    private static CompletableFuture<Boolean> inBackground(Work work) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        var _ = Thread.ofVirtual().start(() -> {
            try {
                result.complete(work.run());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
