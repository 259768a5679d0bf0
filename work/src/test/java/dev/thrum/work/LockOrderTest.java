package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.thrum.base.HeldLocks;
import dev.thrum.testkit.LogCapture;
import dev.thrum.work.LockReport.Edge;
import dev.thrum.work.LockReport.Inversion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The orders of all locks of a JVM are in one graph, so each test names its locks after itself. */
@Timeout(60)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // A test that fails between lock and unlock has failed.
final class LockOrderTest {
    /** The inversions among locks whose names begin with this. */
    private static List<Inversion> inversions(String prefix) {
        return NamedLock.report().inversions().stream()
                .filter(found -> found.edges().getFirst().held().startsWith(prefix))
                .toList();
    }

    private static void nested(NamedLock... locks) {
        for (NamedLock lock : locks) {
            lock.lock();
        }
        for (NamedLock lock : List.of(locks).reversed()) {
            lock.unlock();
        }
    }

    @Test
    void contradictingOrders_areReportedAndLoggedOnce_withBothStacks() {
        NamedLock one = new NamedLock("both.one");
        NamedLock two = new NamedLock("both.two");
        try (LogCapture log = new LogCapture("dev.thrum.work")) {
            nested(one, two);
            assertThat(inversions("both.")).isEmpty();
            nested(two, one);
            nested(two, one);
            nested(one, two);

            assertThat(inversions("both.")).hasSize(1);
            Inversion found = inversions("both.").getFirst();
            assertThat(found.edges())
                    .extracting(Edge::held, Edge::acquired)
                    .containsExactly(tuple("both.two", "both.one"), tuple("both.one", "both.two"));
            assertThat(found.since()).isEqualTo(found.edges().getFirst().since());
            assertThat(found.edges()).allSatisfy(edge -> {
                assertThat(edge.thread()).isEqualTo(Thread.currentThread().getName());
                assertThat(edge.stack().getFirst().getMethodName()).isEqualTo("nested");
                assertThat(edge.stack().get(1).getMethodName())
                        .isEqualTo("contradictingOrders_areReportedAndLoggedOnce_withBothStacks");
            });
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains("\"both.two\" before \"both.one\", \"both.one\" before \"both.two\"");
            assertThat(log.thrown().getFirst())
                    .hasMessageStartingWith("\"both.two\" was held and \"both.one\" acquired")
                    .cause()
                    .hasMessageStartingWith("\"both.one\" was held and \"both.two\" acquired");
        }
    }

    @Test
    void ringOfThreeLocks_isReported_whenItsLastOrderIsSeen() {
        NamedLock one = new NamedLock("ring.1");
        NamedLock two = new NamedLock("ring.2");
        NamedLock three = new NamedLock("ring.3");
        nested(one, two);
        nested(two, three);
        assertThat(inversions("ring.")).isEmpty();
        nested(three, one);

        assertThat(inversions("ring.").getFirst().edges())
                .extracting(Edge::held)
                .containsExactly("ring.3", "ring.1", "ring.2");
    }

    @Test
    void sameOrder_isNeverReported() {
        NamedLock outer = new NamedLock("same.outer");
        NamedLock middle = new NamedLock("same.middle");
        NamedLock inner = new NamedLock("same.inner");
        for (int i = 0; i < 10_000; i++) {
            nested(outer, middle, inner);
            nested(outer, inner);
            nested(middle, inner);
        }

        assertThat(inversions("same.")).isEmpty();
    }

    @Test
    void locksAcquiredTogether_haveNoOrderAmongThemselves_butOneAfterTheLocksHeldBefore() throws Exception {
        NamedLock one = new NamedLock("step.one");
        NamedLock two = new NamedLock("step.two");
        NamedLock before = new NamedLock("step.before");
        try (NamedLock.Held _ = NamedLock.lockAll(Duration.ofSeconds(1), List.of(one, two))) {
            assertThat(one.isHeldByCurrentThread()).isTrue();
        }
        nested(two, one);
        assertThat(inversions("step.")).isEmpty();

        before.lock();
        try (NamedLock.Held _ = NamedLock.lockAll(Duration.ofSeconds(1), List.of(one, two))) {
            assertThat(two.isHeldByCurrentThread()).isTrue();
        } finally {
            before.unlock();
        }
        nested(one, before);
        assertThat(inversions("step.")).hasSize(1);
    }

    @Test
    void tryLock_makesAnOrder_onlyWithATimeLimit() throws Exception {
        NamedLock one = new NamedLock("try.one");
        NamedLock two = new NamedLock("try.two");
        NamedLock timed = new NamedLock("try.timed");
        nested(one, two);
        nested(one, timed);
        two.lock();
        assertThat(one.tryLock()).isTrue();
        assertThat(HeldLocks.textOfCaller()).contains("try.one", "try.two");
        one.unlock();
        assertThat(one.tryLock(0, TimeUnit.SECONDS)).isTrue();
        one.unlock();
        two.unlock();
        assertThat(inversions("try.")).isEmpty();

        timed.lock();
        assertThat(one.tryLock(1, TimeUnit.SECONDS)).isTrue();
        one.unlock();
        timed.unlock();
        assertThat(inversions("try.").getFirst().edges().getFirst().held()).isEqualTo("try.timed");
    }

    @Test
    void reentrantLock_makesNoOrder() {
        NamedLock one = new NamedLock("again.one");
        NamedLock two = new NamedLock("again.two");
        nested(one, two, one);

        assertThat(inversions("again.")).isEmpty();
        assertThat(HeldLocks.textOfCaller()).isEmpty();
    }

    @Test
    void locksOfTheSameName_areToldApartByTheirAge() {
        NamedLock older = new NamedLock("account");
        NamedLock newer = new NamedLock("account");
        nested(older, newer);
        assertThat(inversions("account")).isEmpty();
        nested(newer, older);

        assertThat(inversions("account").getFirst().edges())
                .extracting(Edge::held)
                .containsExactly("account (the newer one)", "account (the older one)");
    }

    @Test
    void unlockInAnyOrder_leavesNothingRecorded() {
        NamedLock one = new NamedLock("any.one");
        NamedLock two = new NamedLock("any.two");
        NamedLock three = new NamedLock("any.three");
        one.lock();
        two.lock();
        three.lock();
        one.unlock();
        assertThat(HeldLocks.textOfCaller()).doesNotContain("any.one").contains("any.two", "any.three");
        three.unlock();
        two.unlock();
        assertThat(HeldLocks.textOfCaller()).isEmpty();
    }

    @Test
    void lockThatWasGivenUpByAwait_isReleased_whenAnotherThreadHadItMeanwhile() throws Exception {
        NamedLock lock = new NamedLock("await");
        Condition signalled = lock.newCondition();
        try (Crew crew = new Crew(Crew.Kind.PLATFORM)) {
            Thread waiter = crew.startBlocked("waiter", () -> {
                lock.lock();
                try {
                    signalled.await();
                    assertThat(lock.isHeldByCurrentThread()).isTrue();
                } finally {
                    lock.unlock();
                }
                assertThat(HeldLocks.textOfCaller()).isEmpty();
            });
            lock.lock();
            signalled.signal();
            lock.unlock();
            Crew.awaitEnd(waiter);
            crew.awaitAll();
        }
        assertThat(lock.isLocked()).isFalse();
        assertThat(HeldLocks.textOfCaller()).isEmpty();
    }

    @Test
    void moreOrdersThanTheMaximum_areOnlyCounted() {
        LockOrder order = new LockOrder();
        NamedLock held = new NamedLock("many");
        held.lock();
        try {
            for (int i = 0; i < LockOrder.MOST_EDGES + 76; i++) {
                order.record(HeldLocks.ofCaller(), new NamedLock("many." + i));
            }
        } finally {
            held.unlock();
        }

        assertThat(order.edges()).isEqualTo(LockOrder.MOST_EDGES);
        assertThat(order.unrecorded()).isEqualTo(76);
    }
}
