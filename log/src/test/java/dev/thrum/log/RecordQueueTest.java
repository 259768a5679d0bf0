package dev.thrum.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class RecordQueueTest {
    private static final int PRODUCERS = 8;
    private static final int EACH = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 1000})
    void capacity_isExact(int capacity) {
        RecordQueue queue = new RecordQueue(capacity);
        List<RequestRecord> taken = new ArrayList<>();
        long number = 0;
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < capacity; i++) {
                assertThat(queue.offer(Records.numbered(number++))).isTrue();
            }
            assertThat(queue.offer(Records.numbered(-1))).isFalse();
            assertThat(queue.size()).isEqualTo(capacity);
            while (!queue.isEmpty()) {
                assertThat(queue.take(taken, 3)).isBetween(1, 3);
            }
            assertThat(queue.take(taken, 3)).isZero();
        }
        assertThat(taken).extracting(Records::number).isSorted().hasSize(5 * capacity);
    }

    @Test
    void capacity_outOfRange_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordQueue(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordQueue(1 << 25));
    }

    /** Small capacities make producers reuse the same slots again and again. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 8192})
    void recordsArriveOnceAndInEachProducersOrder_whenManyThreadsPut(int capacity) throws Exception {
        RecordQueue queue = new RecordQueue(capacity);
        List<Thread> producers = new ArrayList<>();
        AtomicIntegerArray acceptedCounts = new AtomicIntegerArray(PRODUCERS);
        for (int p = 0; p < PRODUCERS; p++) {
            int producer = p;
            Thread.Builder kind = p % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
            producers.add(kind.start(() -> {
                for (int i = 0; i < EACH; i++) {
                    // Every fourth record is retried until it is accepted; the others are dropped if the queue is full.
                    boolean accepted = queue.offer(Records.numbered((long) producer * EACH + i));
                    while (!accepted && i % 4 == 0) {
                        LockSupport.parkNanos(1_000);
                        accepted = queue.offer(Records.numbered((long) producer * EACH + i));
                    }
                    if (accepted) {
                        acceptedCounts.incrementAndGet(producer);
                    }
                }
            }));
        }
        List<RequestRecord> taken = new ArrayList<>();
        boolean running = true;
        while (running || !queue.isEmpty()) {
            running = producers.stream().anyMatch(Thread::isAlive);
            if (queue.take(taken, 100) == 0) {
                LockSupport.parkNanos(1_000);
            }
        }
        for (Thread producer : producers) {
            assertThat(producer.join(Duration.ofSeconds(10))).isTrue();
        }
        for (int p = 0; p < PRODUCERS; p++) {
            long producer = p;
            List<Long> its = taken.stream()
                    .map(Records::number)
                    .filter(number -> number / EACH == producer)
                    .toList();
            assertThat(its).hasSize(acceptedCounts.get(p)).isSorted().doesNotHaveDuplicates();
            assertThat(its.stream().filter(number -> number % EACH % 4 == 0)).hasSize(EACH / 4);
        }
    }
}
