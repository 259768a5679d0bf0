package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Deadline;
import dev.thrum.work.Crew.Kind;
import dev.thrum.work.LockReport.Wait;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(Kind.class)
@SuppressWarnings("LockNotBeforeTry") // A test that fails between lock and unlock has failed.
final class LockReportTest {
    private final Kind kind;
    private final Crew crew;
    private final NamedLock left;
    private final NamedLock right;
    private final CountDownLatch bothHold = new CountDownLatch(2);

    LockReportTest(Kind kind) {
        this.kind = kind;
        this.crew = new Crew(kind);
        this.left = new NamedLock("left " + kind);
        this.right = new NamedLock("right " + kind);
    }

    @AfterEach
    void endThreads() {
        crew.close();
    }

    private List<Wait> waitsFor(NamedLock lock) {
        return NamedLock.report().waits().stream()
                .filter(wait -> wait.lock().equals(lock.name()))
                .toList();
    }

    private void lockBoth(NamedLock first, NamedLock second) throws Exception {
        first.lockInterruptibly();
        try {
            bothHold.countDown();
            Crew.await(bothHold);
            second.lockInterruptibly();
            second.unlock();
        } finally {
            first.unlock();
        }
    }

    @Test
    void report_whenTwoThreadsDeadlock_hasTheRing_andTheContradictingOrders() throws Exception {
        Thread one = crew.start("one", () -> lockBoth(left, right));
        Thread two = crew.start("two", () -> lockBoth(right, left));
        awaitWaits(left, 1);
        awaitWaits(right, 1);
        crew.startBlocked("third", left::lockInterruptibly);
        awaitWaits(left, 2);

        LockReport report = NamedLock.report();

        List<Wait> ring = report.cycles().stream()
                .filter(cycle -> cycle.getFirst().lock().endsWith(kind.name()))
                .findFirst()
                .orElseThrow();
        assertThat(ring).hasSize(2);
        assertThat(ring).extracting(Wait::thread).containsExactlyInAnyOrder(one, two);
        for (int i = 0; i < 2; i++) {
            assertThat(ring.get(i).owner()).isSameAs(ring.get(1 - i).thread());
            assertThat(ring.get(i).timed()).isFalse();
            assertThat(ring.get(i).held()).isGreaterThanOrEqualTo(ring.get(i).waited());
        }
        assertThat(report.inversions())
                .anySatisfy(found -> assertThat(found.edges())
                        .extracting(LockReport.Edge::held)
                        .contains(left.name(), right.name()));
    }

    @Test
    void report_whenAThreadWaits_namesTheLockAndItsHolder_untilItHasIt() throws Exception {
        left.lock();
        Thread waiter = crew.startBlocked("waiter", () -> {
            left.lockInterruptibly();
            left.unlock();
        });
        awaitWaits(left, 1);

        Wait wait = waitsFor(left).getFirst();
        assertThat(wait.thread()).isSameAs(waiter);
        assertThat(wait.owner()).isSameAs(Thread.currentThread());
        assertThat(wait.held()).isGreaterThanOrEqualTo(wait.waited());
        assertThat(NamedLock.report().cycles()).noneMatch(cycle -> cycle.contains(wait));
        left.unlock();
        crew.awaitAll();
        assertThat(waitsFor(left)).isEmpty();
    }

    @Test
    void report_whenAWaitHasATimeLimit_saysSo_andForgetsItThen() throws Exception {
        left.lock();
        Thread waiter = crew.startBlocked(
                "waiter", () -> assertThat(left.tryLock(1, TimeUnit.HOURS)).isTrue());
        awaitWaits(left, 1);
        assertThat(waitsFor(left).getFirst().timed()).isTrue();
        waiter.interrupt();
        Crew.awaitEnd(waiter);
        left.unlock();

        assertThat(waitsFor(left)).isEmpty();
    }

    @Test
    void threadThatHasEnded_isNotKeptAlive() throws Exception {
        WeakReference<Thread> ended = new WeakReference<>(useBoth());
        Deadline deadline = Deadline.in(Crew.LIMIT);
        while (ended.get() != null && deadline.nanosLeft() > 0) {
            System.gc();
        }

        assertThat(ended.get()).isNull();
    }

    /** A thread that has ended, after it has held locks and waited for one. */
    private Thread useBoth() throws InterruptedException {
        left.lock();
        Thread thread;
        try {
            Thread.Builder builder = kind == Kind.PLATFORM ? Thread.ofPlatform() : Thread.ofVirtual();
            thread = builder.name("both").start(() -> {
                left.lock();
                right.lock();
                right.unlock();
                left.unlock();
            });
            awaitWaits(left, 1);
        } finally {
            left.unlock();
        }
        Crew.awaitEnd(thread);
        return thread;
    }

    private void awaitWaits(NamedLock lock, int number) {
        Deadline deadline = Deadline.in(Crew.LIMIT);
        while (waitsFor(lock).size() < number) {
            if (deadline.nanosLeft() == 0) {
                throw new AssertionError("expected " + number + " waits for " + lock + " but " + waitsFor(lock));
            }
            Thread.onSpinWait();
        }
    }
}
