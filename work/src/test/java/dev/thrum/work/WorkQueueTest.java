package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.thrum.testkit.scripted.HandClock;
import dev.thrum.work.Crew.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(Kind.class)
final class WorkQueueTest {
    private final Crew crew;
    private final WorkQueue<String> queue = new WorkQueue<>(2);

    WorkQueueTest(Kind kind) {
        crew = new Crew(kind);
    }

    @AfterEach
    void endThreads() {
        crew.close();
    }

    @Test
    void construction_whenCapacityIsZero_isRefusedWithExpectedAndActual() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WorkQueue<>(0))
                .withMessage("expected a capacity of at least 1 but was 0");
    }

    @Test
    @SuppressWarnings("NullAway") // this test is about null
    void put_whenItemIsNull_isRefused() {
        assertThatNullPointerException().isThrownBy(() -> queue.put(null));
    }

    @Test
    void take_whenSeveralItemsWait_returnsThemInOrder() throws Exception {
        queue.put("a");
        queue.put("b");
        assertThat(List.of(queue.take(), queue.take())).containsExactly("a", "b");
    }

    @Test
    void accessors_whenItemsWaitAndAreInHand_countThem() throws Exception {
        queue.put("a");
        queue.put("b");
        queue.take();
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.capacity()).isEqualTo(2);
        assertThat(queue.unfinished()).isEqualTo(2);
        assertThat(queue).hasToString("WorkQueue[open, 1 of 2 waiting, 1 in hand]");
    }

    @Test
    void put_whenFull_waitsForRoom() throws Exception {
        fill();
        crew.startBlocked("putter", () -> queue.put("c"));
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.take()).isEqualTo("a");
        crew.awaitAll();
        assertThat(List.of(queue.take(), queue.take())).containsExactly("b", "c");
    }

    @Test
    void take_whenEmpty_waitsForAnItem() throws Exception {
        AtomicReference<String> taken = new AtomicReference<>();
        crew.startBlocked("taker", () -> taken.set(queue.take()));
        queue.put("a");
        crew.awaitAll();
        assertThat(taken).hasValue("a");
    }

    @Test
    void offer_whenFull_returnsFalseAndAddsNothing() throws Exception {
        fill();
        assertThat(queue.offer("c", Duration.ZERO)).isFalse();
        assertThat(queue.offer("c", Duration.ofSeconds(-1))).isFalse();
        assertThat(queue.offer("c", Duration.ofMillis(1))).isFalse();
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void poll_whenEmpty_returnsEmptyAndNothingIsInHand() throws Exception {
        assertThat(queue.poll(Duration.ZERO)).isEmpty();
        assertThat(queue.poll(Duration.ofMillis(1))).isEmpty();
        assertThat(queue.unfinished()).isZero();
    }

    @Test
    void offerAndPoll_whenTimeoutIsTheLongestDuration_waitInsteadOfOverflowing() throws Exception {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        crew.startBlocked("poller", () -> assertThat(queue.poll(forever)).contains("a"));
        assertThat(queue.offer("a", forever)).isTrue();
        crew.awaitAll();
        fill();
        crew.startBlocked("offerer", () -> assertThat(queue.offer("c", forever)).isTrue());
        queue.take();
        crew.awaitAll();
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void taskDone_whenNothingWasTaken_isRefused() throws Exception {
        queue.put("put but not taken");
        assertThatIllegalStateException()
                .isThrownBy(queue::taskDone)
                .withMessageStartingWith("expected taskDone at most once for each item taken");
        assertThat(queue.unfinished()).isEqualTo(1);
    }

    @Test
    void taskDone_whenCalledTwiceForOneItem_isRefused() throws Exception {
        fill();
        queue.take();
        queue.taskDone();
        assertThatIllegalStateException().isThrownBy(queue::taskDone);
        assertThat(queue.join(Duration.ZERO)).isFalse();
    }

    @Test
    void join_whenNothingWasEverPut_returnsAtOnce() throws Exception {
        queue.join();
        assertThat(queue.join(Duration.ZERO)).isTrue();
    }

    @Test
    void join_whenAllIsDoneAlready_returnsAtOnce() throws Exception {
        queue.put("a");
        queue.take();
        queue.taskDone();
        queue.join();
        assertThat(queue.join(Duration.ZERO)).isTrue();
    }

    @Test
    void join_whenItemsAreTakenButNotDone_waitsForTheLastTaskDone() throws Exception {
        fill();
        Thread first = crew.startBlocked("joiner-1", queue::join);
        Thread second = crew.startBlocked(
                "joiner-2", () -> assertThat(queue.join(Duration.ofDays(1))).isTrue());
        queue.take();
        queue.take();
        queue.taskDone();
        assertThat(queue.join(Duration.ofMillis(1))).isFalse();
        assertThat(List.of(first.isAlive(), second.isAlive())).containsOnly(true);
        queue.taskDone();
        crew.awaitAll();
    }

    @Test
    void join_whenTheWorkFails_isNotStalled() throws Exception {
        CountDownLatch failures = new CountDownLatch(2);
        crew.start("worker", () -> {
            while (failures.getCount() > 0) {
                String item = queue.take();
                try {
                    throw new IllegalArgumentException(item);
                } catch (IllegalArgumentException expected) {
                    failures.countDown();
                } finally {
                    queue.taskDone();
                }
            }
        });
        fill();
        assertThat(queue.join(Crew.LIMIT)).isTrue();
        assertThat(failures.getCount()).isZero();
        crew.awaitAll();
    }

    @Test
    void close_whenPuttersWait_failsThemAllAndAddsNothing() throws Exception {
        fill();
        for (int i = 0; i < 3; i++) {
            crew.startBlocked("putter-" + i, () -> expectClosed(() -> queue.put("c")));
            crew.startBlocked(
                    "offerer-" + i,
                    () -> expectClosed(() -> {
                        boolean _ = queue.offer("c", Crew.LIMIT);
                    }));
        }
        queue.close();
        crew.awaitAll();
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void close_whenTakersWait_failsThemAll() throws Exception {
        for (int i = 0; i < 3; i++) {
            crew.startBlocked("taker-" + i, () -> expectClosed(queue::take));
            crew.startBlocked("poller-" + i, () -> expectClosed(() -> queue.poll(Crew.LIMIT)));
        }
        queue.close();
        crew.awaitAll();
    }

    @Test
    void close_whenItemsAreLeft_letsTakersTakeThemFirst() throws Exception {
        fill();
        queue.close();
        queue.close();
        expectClosed(() -> queue.put("c"));
        expectClosed(() -> {
            boolean _ = queue.offer("c", Duration.ZERO);
        });
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.poll(Duration.ZERO)).contains("b");
        expectClosed(queue::take);
        expectClosed(() -> queue.poll(Duration.ZERO));
    }

    @Test
    void join_whenClosed_stillWaitsForWorkInHand() throws Exception {
        queue.put("a");
        queue.take();
        queue.close();
        assertThat(queue.join(Duration.ofMillis(1))).isFalse();
        crew.startBlocked("joiner", queue::join);
        queue.taskDone();
        crew.awaitAll();
    }

    @Test
    void drain_whenItemsAreLeft_wakesPuttersAndJoiners() throws Exception {
        fill();
        crew.startBlocked("putter-1", () -> queue.put("c"));
        crew.startBlocked("putter-2", () -> queue.put("d"));
        assertThat(queue.drain()).containsExactly("a", "b");
        crew.awaitAll();
        crew.startBlocked("joiner", queue::join);
        assertThat(queue.drain()).containsExactlyInAnyOrder("c", "d");
        crew.awaitAll();
        assertThat(queue.unfinished()).isZero();
    }

    @Test
    void interrupt_whenWaitingToPut_endsTheWaitAndAddsNothing() throws Exception {
        fill();
        expectInterrupted(() -> queue.put("c"));
        expectInterrupted(() -> {
            boolean _ = queue.offer("c", Crew.LIMIT);
        });
        assertThat(List.of(queue.take(), queue.take())).containsExactly("a", "b");
        assertThat(queue.size()).isZero();
    }

    @Test
    void interrupt_whenWaitingToTakeOrJoin_endsTheWaitAndTakesNothing() throws Exception {
        expectInterrupted(queue::take);
        expectInterrupted(() -> queue.poll(Crew.LIMIT));
        queue.put("a");
        expectInterrupted(queue::join);
        expectInterrupted(() -> {
            boolean _ = queue.join(Crew.LIMIT);
        });
        assertThat(queue.take()).isEqualTo("a");
    }

    @Test
    void put_whenInterruptedBefore_failsAlthoughThereIsRoom() throws Exception {
        crew.start("putter", () -> {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> queue.put("a"));
        });
        crew.awaitAll();
        assertThat(queue.size()).isZero();
    }

    @Test
    void oldestWait_isExactForTheFirstItem_andGrowsWhileNothingIsTaken() throws Exception {
        HandClock clock = new HandClock(Instant.EPOCH);
        WorkQueue<String> timed = new WorkQueue<>(3, clock);
        assertThat(timed.oldestWait()).isZero();
        timed.put("a");
        clock.pass(Duration.ofSeconds(5));
        timed.put("b");
        timed.put("c");
        clock.pass(Duration.ofSeconds(1));
        assertThat(timed.oldestWait()).isEqualTo(Duration.ofSeconds(6));

        assertThat(timed.take()).isEqualTo("a");
        assertThat(timed.oldestWait()).isZero();
        clock.pass(Duration.ofSeconds(2));
        assertThat(timed.oldestWait()).isEqualTo(Duration.ofSeconds(2));
        assertThat(timed.take()).isEqualTo("b");
        assertThat(timed.oldestWait()).isEqualTo(Duration.ofSeconds(2));
        assertThat(timed.take()).isEqualTo("c");
        clock.pass(Duration.ofSeconds(3));
        assertThat(timed.oldestWait()).isZero();
        timed.put("d");
        clock.pass(Duration.ofSeconds(4));
        assertThat(timed.oldestWait()).isEqualTo(Duration.ofSeconds(4));
    }

    private void fill() throws InterruptedException {
        queue.put("a");
        queue.put("b");
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void expectClosed(Call call) {
        assertThatExceptionOfType(QueueClosedException.class)
                .isThrownBy(call::run)
                .withMessageContaining("queue");
    }

    private void expectInterrupted(Call call) throws Exception {
        Thread waiting = crew.startBlocked(
                "waiting",
                () -> assertThatExceptionOfType(InterruptedException.class).isThrownBy(call::run));
        waiting.interrupt();
        crew.awaitAll();
    }
}
