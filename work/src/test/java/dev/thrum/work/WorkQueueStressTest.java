package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.work.Crew.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads use one queue: no item is lost, duplicated or reordered, and no thread misses its wake-up. */
@Timeout(300)
final class WorkQueueStressTest {
    private static final int THREADS = 4;

    private record Item(int producer, int number) {}

    @ParameterizedTest
    @EnumSource(Kind.class)
    void transfer_whenManyProducersAndConsumers_deliversEachItemOnceAndInOrder(Kind kind) throws Exception {
        int each = Crew.rounds(25_000);
        WorkQueue<Item> queue = new WorkQueue<>(8);
        AtomicIntegerArray seen = new AtomicIntegerArray(THREADS * each);
        try (Crew consumers = new Crew(kind);
                Crew producers = new Crew(kind)) {
            for (int i = 0; i < THREADS; i++) {
                int id = i;
                consumers.start("consumer-" + i, () -> consumeInOrder(queue, seen, each));
                producers.start("producer-" + i, () -> {
                    for (int n = 0; n < each; n++) {
                        queue.put(new Item(id, n));
                        if (n % 8 == 0 && queue.size() > queue.capacity()) {
                            throw new AssertionError("expected no more than the capacity but was " + queue);
                        }
                    }
                });
            }
            producers.awaitAll();
            assertThat(queue.join(Crew.LIMIT)).isTrue();
            queue.close();
            consumers.awaitAll();
        }
        for (int i = 0; i < seen.length(); i++) {
            assertThat(seen.get(i)).as("times that item %d was taken", i).isEqualTo(1);
        }
    }

    private static void consumeInOrder(WorkQueue<Item> queue, AtomicIntegerArray seen, int each) throws Exception {
        int[] last = {-1, -1, -1, -1};
        try {
            while (true) {
                Item item = queue.take();
                if (item.number <= last[item.producer]) {
                    throw new AssertionError("expected more than " + last[item.producer] + " but was " + item);
                }
                last[item.producer] = item.number;
                seen.incrementAndGet(item.producer * each + item.number);
                queue.taskDone();
            }
        } catch (QueueClosedException finished) {
            return;
        }
    }

    /** A signal must not be lost when its taker is interrupted or times out at the same moment. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void put_whenOneOfTwoTakersIsInterruptedAtTheSameTime_reachesOneOfThem(Kind kind) throws Exception {
        for (int round = 0; round < Crew.rounds(400); round++) {
            WorkQueue<Integer> queue = new WorkQueue<>(1);
            AtomicInteger taken = new AtomicInteger();
            try (Crew crew = new Crew(kind)) {
                Thread first = crew.startBlocked("first", () -> takeUnlessInterrupted(queue, taken));
                crew.startBlocked("second", () -> takeUnlessClosed(queue, taken));
                crew.start("interrupter", first::interrupt);
                queue.put(round);
                assertThat(queue.join(Crew.LIMIT))
                        .as("taken in round %d", round)
                        .isTrue();
                queue.close();
                crew.awaitAll();
            }
            assertThat(taken).hasValue(1);
        }
    }

    private static void takeUnlessInterrupted(WorkQueue<Integer> queue, AtomicInteger taken) {
        try {
            takeUnlessClosed(queue, taken);
        } catch (InterruptedException interruptedFirst) {
            return;
        }
    }

    private static void takeUnlessClosed(WorkQueue<Integer> queue, AtomicInteger taken) throws InterruptedException {
        try {
            queue.take();
            taken.incrementAndGet();
            queue.taskDone();
        } catch (QueueClosedException closedFirst) {
            return;
        }
    }

    /** The taker that waits longest is signalled just before its timeout, and gets the lock back just after it. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void put_whenOneOfTwoTakersTimesOutAtTheSameTime_reachesOneOfThem(Kind kind) throws Exception {
        long timeout = 2_000_000;
        for (int round = 0; round < Crew.rounds(60); round++) {
            WorkQueue<Integer> queue = new WorkQueue<>(1);
            AtomicInteger taken = new AtomicInteger();
            CompletableFuture<Long> started = new CompletableFuture<>();
            try (Crew crew = new Crew(kind)) {
                crew.start("first", () -> {
                    started.complete(System.nanoTime());
                    pollOnce(queue, Duration.ofNanos(timeout), taken);
                });
                long putAt = started.get(20, TimeUnit.SECONDS) + timeout - (round % 50) * 2_000L;
                crew.startBlocked("second", () -> takeUnlessClosed(queue, taken));
                while (System.nanoTime() - putAt < 0) {
                    Thread.onSpinWait();
                }
                queue.put(round);
                assertThat(queue.join(Crew.LIMIT))
                        .as("taken in round %d", round)
                        .isTrue();
                queue.close();
                crew.awaitAll();
            }
            assertThat(taken).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void putAndTake_whenSeveralThreadsWait_wakeOneForEachItem(Kind kind) throws Exception {
        for (int round = 0; round < Crew.rounds(40); round++) {
            WorkQueue<Integer> queue = new WorkQueue<>(THREADS);
            try (Crew crew = new Crew(kind)) {
                for (int i = 0; i < THREADS; i++) {
                    crew.startBlocked("taker-" + i, queue::take);
                }
                putAll(queue);
                crew.awaitAll();
                putAll(queue);
                for (int i = 0; i < THREADS; i++) {
                    crew.startBlocked("putter-" + i, () -> queue.put(0));
                }
                for (int i = 0; i < THREADS; i++) {
                    queue.take();
                }
                crew.awaitAll();
                assertThat(queue.size()).isEqualTo(THREADS);
            }
        }
    }

    private static void pollOnce(WorkQueue<Integer> queue, Duration timeout, AtomicInteger taken)
            throws InterruptedException {
        try {
            if (queue.poll(timeout).isPresent()) {
                taken.incrementAndGet();
                queue.taskDone();
            }
        } catch (QueueClosedException closedFirst) {
            return;
        }
    }

    private static void putAll(WorkQueue<Integer> queue) throws InterruptedException {
        for (int i = 0; i < THREADS; i++) {
            queue.put(i);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void transfer_whenWaitsTimeOutAllTheTime_deliversEverything(Kind kind) throws Exception {
        int each = Crew.rounds(1_000);
        WorkQueue<Integer> queue = new WorkQueue<>(1);
        AtomicInteger taken = new AtomicInteger();
        Duration tiny = Duration.ofNanos(20_000);
        try (Crew crew = new Crew(kind)) {
            for (int i = 0; i < THREADS; i++) {
                crew.start("producer-" + i, () -> {
                    for (int n = 0; n < each; n++) {
                        while (!queue.offer(n, tiny)) {
                            Thread.onSpinWait();
                        }
                    }
                });
                // Half of the takers have a long timeout: they would miss a signal that goes to one that has timed out.
                Duration timeout = i % 2 == 0 ? tiny : Duration.ofDays(1);
                crew.start("consumer-" + i, () -> pollUntilClosed(queue, timeout, taken));
            }
            crew.start("closer", () -> {
                while (taken.get() < THREADS * each && !Thread.interrupted()) {
                    boolean _ = queue.join(Duration.ofMillis(1));
                }
                queue.close();
            });
            crew.awaitAll();
        }
        assertThat(taken).hasValue(THREADS * each);
    }

    private static void pollUntilClosed(WorkQueue<Integer> queue, Duration timeout, AtomicInteger taken)
            throws InterruptedException {
        try {
            while (true) {
                Optional<Integer> item = queue.poll(timeout);
                if (item.isPresent()) {
                    taken.incrementAndGet();
                    queue.taskDone();
                }
            }
        } catch (QueueClosedException finished) {
            return;
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void join_whenWorkArrivesInBursts_wakesAfterEachBurst(Kind kind) throws Exception {
        WorkQueue<Integer> queue = new WorkQueue<>(2);
        AtomicInteger done = new AtomicInteger();
        try (Crew crew = new Crew(kind)) {
            for (int i = 0; i < THREADS; i++) {
                crew.start("consumer-" + i, () -> pollUntilClosed(queue, Duration.ofDays(1), done));
            }
            for (int burst = 1; burst <= Crew.rounds(500); burst++) {
                for (int n = 0; n < 5; n++) {
                    queue.put(n);
                }
                assertThat(queue.join(Crew.LIMIT)).as("burst %d", burst).isTrue();
                assertThat(done).hasValue(5 * burst);
            }
            queue.close();
            crew.awaitAll();
        }
    }
}
