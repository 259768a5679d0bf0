package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thrum.work.Crew.Kind;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(Kind.class)
final class NamedLockTest {
    private final Crew crew;
    private final NamedLock a = new NamedLock("a");
    private final NamedLock b = new NamedLock("b");
    private final CountDownLatch release = new CountDownLatch(1);

    /** Guarded by both locks together. */
    private int counter;

    NamedLockTest(Kind kind) {
        crew = new Crew(kind);
    }

    @AfterEach
    void endThreads() {
        crew.close();
    }

    @Test
    void ownerAndWaiters_whenFree_areNone() {
        assertThat(a.name()).isEqualTo("a");
        assertThat(a.owner()).isEmpty();
        assertThat(a.waiters()).isEmpty();
        assertThat(a).hasToString("lock \"a\" is free");
    }

    @Test
    void ownerAndWaiters_whenHeldAndWanted_areTheThreads() throws Exception {
        Thread holder = hold(a);
        Thread first = crew.startBlocked("first", () -> lockAndUnlock(a));
        Thread second = crew.startBlocked("second", () -> lockAndUnlock(a));
        assertThat(a.owner()).contains(holder);
        assertThat(a.waiters()).containsExactlyInAnyOrder(first, second);
        assertThat(a.toString())
                .startsWith("lock \"a\" is held by \"holder\" and waited for by ")
                .contains("\"first\"", "\"second\"");
        release.countDown();
        crew.awaitAll();
        assertThat(a.owner()).isEmpty();
    }

    @Test
    void tryLockAll_whenAllAreFree_holdsThemUntilClosed() throws Exception {
        NamedLock.Held held =
                NamedLock.tryLockAll(Duration.ZERO, List.of(b, a, b)).orElseThrow();
        assertThat(List.of(a.getHoldCount(), b.getHoldCount())).containsExactly(1, 1);
        held.close();
        held.close();
        assertThat(List.of(a.getHoldCount(), b.getHoldCount())).containsExactly(0, 0);
    }

    @Test
    void close_whenTheLockWasHeldBefore_keepsTheOuterHold() throws Exception {
        try (NamedLock.Held _ = NamedLock.lockAll(Duration.ZERO, List.of(a))) {
            NamedLock.Held inner = NamedLock.lockAll(Duration.ZERO, List.of(a, b));
            inner.close();
            inner.close();
            assertThat(a.getHoldCount()).isEqualTo(1);
        }
        assertThat(a.isLocked()).isFalse();
    }

    @Test
    void close_whenCalledByAnotherThread_isRefused() throws Exception {
        NamedLock.Held held = NamedLock.lockAll(Duration.ZERO, List.of(a));
        crew.start(
                "other",
                () -> assertThatExceptionOfType(IllegalMonitorStateException.class)
                        .isThrownBy(held::close)
                        .withMessageContainingAll("to release them", "\"other\" tried"));
        crew.awaitAll();
        assertThat(a.isHeldByCurrentThread()).isTrue();
        held.close();
        assertThat(a.isLocked()).isFalse();
    }

    @Test
    void unlock_byAThreadThatDoesNotHoldIt_namesBothThreads() throws Exception {
        String holder = Thread.currentThread().getName();
        NamedLock.Held held = NamedLock.tryLockAll(Duration.ZERO, List.of(a)).orElseThrow();
        crew.start(
                "other",
                () -> assertThatExceptionOfType(IllegalMonitorStateException.class)
                        .isThrownBy(a::unlock)
                        .withMessageContainingAll("\"other\" tried", "held by \"" + holder + "\""));
        crew.awaitAll();
        held.close();
        assertThatExceptionOfType(IllegalMonitorStateException.class)
                .isThrownBy(a::unlock)
                .withMessageContaining("is free");
    }

    @Test
    void tryLockAll_whenOneIsHeldByAnotherThread_releasesTheOthers() throws Exception {
        hold(b);
        assertThat(NamedLock.tryLockAll(Duration.ofMillis(5), List.of(a, b))).isEmpty();
        assertThat(NamedLock.tryLockAll(Duration.ZERO, List.of(b, a))).isEmpty();
        assertThat(a.isLocked()).isFalse();
        release.countDown();
        crew.awaitAll();
    }

    @Test
    void lockAll_whenOneIsHeldByAnotherThread_namesItAndItsOwner() throws Exception {
        hold(b);
        crew.startBlocked("waiter", () -> lockAndUnlock(b));
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> NamedLock.lockAll(Duration.ofMillis(5), List.of(a, b)))
                .withMessage("expected to hold 2 locks within 5 ms but lock \"b\" is held by \"holder\""
                        + " and waited for by \"waiter\": hold it for shorter, or wait longer");
        assertThat(a.isLocked()).isFalse();
        release.countDown();
        crew.awaitAll();
    }

    @Test
    void tryLockAll_whenInterrupted_releasesTheOthers() throws Exception {
        hold(b);
        Thread waiter = crew.startBlocked(
                "waiter",
                () -> assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> {
                    Optional<NamedLock.Held> _ = NamedLock.tryLockAll(Crew.LIMIT, List.of(a, b));
                }));
        assertThat(a.owner()).contains(waiter);
        waiter.interrupt();
        Crew.awaitEnd(waiter);
        assertThat(a.isLocked()).isFalse();
        release.countDown();
        crew.awaitAll();
    }

    @Test
    void tryLockAll_whenGivenInAnyOrder_waitsForTheOldestFirst() throws Exception {
        hold(a);
        Thread waiter = crew.startBlocked(
                "waiter", () -> NamedLock.lockAll(Crew.LIMIT, List.of(b, a)).close());
        assertThat(a.waiters()).containsExactly(waiter);
        assertThat(b.isLocked()).isFalse();
        release.countDown();
        crew.awaitAll();
    }

    @Test
    void lockAll_whenTimeoutIsTheLongestDuration_waitsInsteadOfOverflowing() throws Exception {
        hold(b);
        NamedLock c = new NamedLock("c");
        Thread waiter = crew.startBlocked(
                "waiter",
                () -> NamedLock.lockAll(Duration.ofSeconds(Long.MAX_VALUE), List.of(c, b))
                        .close());
        assertThat(b.waiters()).containsExactly(waiter);
        release.countDown();
        crew.awaitAll();
        assertThat(List.of(b.isLocked(), c.isLocked())).containsExactly(false, false);
    }

    @Test
    void lockAll_whenTwoThreadsGiveOppositeOrders_neverDeadlocks() throws Exception {
        int rounds = Crew.rounds(10_000);
        crew.start("ab", () -> countUnderBoth(List.of(a, b), rounds));
        crew.start("ba", () -> countUnderBoth(List.of(b, a), rounds));
        crew.awaitAll();
        assertThat(counter).isEqualTo(2 * rounds);
        assertThat(List.of(a.isLocked(), b.isLocked())).containsExactly(false, false);
    }

    @Test
    void serialization_isRefused() throws Exception {
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            assertThatExceptionOfType(NotSerializableException.class).isThrownBy(() -> out.writeObject(a));
        }
    }

    private void countUnderBoth(List<NamedLock> locks, int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            try (NamedLock.Held _ = NamedLock.lockAll(Duration.ofSeconds(10), locks)) {
                counter++;
            }
        }
    }

    /** Starts a thread that holds the lock until released. */
    private Thread hold(NamedLock lock) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = crew.start("holder", () -> {
            lock.lock();
            try {
                held.countDown();
                Crew.await(release);
            } finally {
                lock.unlock();
            }
        });
        Crew.await(held);
        return holder;
    }

    private static void lockAndUnlock(NamedLock lock) {
        lock.lock();
        try {
            assertThat(lock.owner()).contains(Thread.currentThread());
        } finally {
            lock.unlock();
        }
    }
}
