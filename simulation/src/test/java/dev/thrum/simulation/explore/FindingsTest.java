package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** What is found, how it is described, and that it can be repeated. */
// The programs are wrong on purpose.
@SuppressWarnings({"LockNotBeforeTry", "UnusedVariable", "WaitNotInLoop"})
class FindingsTest {
    static final class LostUpdate implements Program {
        private int count;

        @Override
        public List<Actor> actors() {
            return List.of(() -> count++, () -> count++);
        }

        @Override
        public void invariant() {
            if (count != 2) {
                throw new IllegalStateException("count is " + count);
            }
        }
    }

    static final class LockOrder implements Program {
        private final ReentrantLock left = new ReentrantLock();
        private final ReentrantLock right = new ReentrantLock();

        @Override
        public List<Actor> actors() {
            return List.of(() -> both(left, right), () -> both(right, left));
        }

        private static void both(ReentrantLock first, ReentrantLock second) {
            first.lock();
            second.lock();
            second.unlock();
            first.unlock();
        }
    }

    static final class MonitorOrder implements Program {
        private final Object left = new Object();
        private final Object right = new Object();
        private int count;

        @Override
        public List<Actor> actors() {
            return List.of(() -> both(left, right), () -> both(right, left));
        }

        private void both(Object first, Object second) {
            synchronized (first) {
                synchronized (second) {
                    count++;
                }
            }
        }
    }

    static final class PermitOrder implements Program {
        private final Semaphore left = new Semaphore(1);
        private final Semaphore right = new Semaphore(1);

        @Override
        public List<Actor> actors() {
            return List.of(() -> both(left, right), () -> both(right, left));
        }

        private static void both(Semaphore first, Semaphore second) throws InterruptedException {
            first.acquire();
            second.acquire();
            second.release();
            first.release();
        }
    }

    /** The signal may come before the wait, which does not look whether it is still needed. */
    static final class LostSignal implements Program {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition ready = lock.newCondition();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        lock.lock();
                        try {
                            ready.await();
                        } finally {
                            lock.unlock();
                        }
                    },
                    () -> {
                        lock.lock();
                        try {
                            ready.signal();
                        } finally {
                            lock.unlock();
                        }
                    });
        }
    }

    static final class LostNotify implements Program {
        @Override
        public List<Actor> actors() {
            return List.of(this::waits, this::notifies);
        }

        private synchronized void waits() throws InterruptedException {
            wait();
        }

        private synchronized void notifies() {
            notify();
        }
    }

    static final class Spins implements Program {
        private volatile boolean flag;

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                while (!flag) {
                    Thread.onSpinWait();
                }
            });
        }
    }

    static final class SpinsForAnother implements Program {
        private volatile boolean flag;
        private volatile boolean other;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        while (!flag) {
                            Thread.onSpinWait();
                        }
                        other = true;
                    },
                    () -> {
                        flag = true;
                        while (!other) {
                            // No hint for the processor: it must be noticed that nothing changes.
                        }
                    });
        }
    }

    static final class NeverEnds implements Program {
        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                long n = 0;
                while (n >= 0) {
                    n = (n + 1) & 7;
                }
            });
        }
    }

    static final class LeavesThread implements Program {
        private final CountDownLatch never = new CountDownLatch(1);

        @Override
        public List<Actor> actors() {
            return List.of(() -> Thread.ofPlatform().name("left over").start(() -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
    }

    static final class Throws implements Program {
        private int count;

        @Override
        public List<Actor> actors() {
            return List.of(() -> count = 1, () -> {
                if (count == 1) {
                    throw new IllegalStateException("seen");
                }
            });
        }
    }

    /** A fault that is shown only if an actor is stopped so many times in the middle of what it does. */
    static final class NeedsPreemptions implements Program {
        private final int needed;
        private volatile int turn;
        private volatile int reached;

        NeedsPreemptions(int needed) {
            this.needed = needed;
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> goOn(0), () -> goOn(1));
        }

        /** Two steps of the count must be of one actor, the next two of the other one. */
        private void goOn(int me) {
            for (int i = 0; i <= needed; i++) {
                int seen = turn;
                if (seen % 2 == me && seen <= needed) {
                    turn = seen + 1;
                    reached = Math.max(reached, seen);
                }
            }
        }

        @Override
        public void invariant() {
            if (reached == needed) {
                throw new IllegalStateException("reached " + reached);
            }
        }
    }

    private static Finding find(Class<? extends Program> program) {
        ExplorationReport report = Explorer.of(program).explore();
        assertThat(report.findings()).hasSize(1);
        Finding finding = report.findings().getFirst();
        for (int i = 0; i < 100; i++) {
            Finding again =
                    Explorer.of(program).replay(finding.schedule()).findings().getFirst();
            assertThat(again).usingRecursiveComparison().ignoringFields("cause").isEqualTo(finding);
            if (finding.kind() == Finding.Kind.LIVELOCK) {
                break;
            }
        }
        return finding;
    }

    @Test
    void brokenInvariant_isShownByTheShortestSchedule() {
        Finding finding = find(LostUpdate.class);

        assertThat(finding.kind()).isEqualTo(Finding.Kind.INVARIANT);
        assertThat(finding.message()).isEqualTo("the invariant fails: java.lang.IllegalStateException: count is 1");
        assertThat(finding.preemptions()).isEqualTo(1);
        assertThat(finding.steps()).hasSize(6);
        assertThat(finding.steps())
                .extracting(step -> step.name() + " " + step.operation() + " " + step.object() + " " + step.value())
                .contains("actor 1 reads LostUpdate.count 0", "actor 2 writes LostUpdate.count 1");
        assertThat(finding.steps().get(1).place()).startsWith("FindingsTest.java:");
    }

    @Test
    void deadlock_saysWhoWaitsForWhatHeldByWhom() {
        for (Class<? extends Program> program : List.of(LockOrder.class, MonitorOrder.class, PermitOrder.class)) {
            Finding finding = find(program);

            assertThat(finding.kind()).as(program.getName()).isEqualTo(Finding.Kind.DEADLOCK);
            assertThat(finding.message())
                    .contains("actor 1 waits for a", "held by actor 2", "actor 2 waits for a", "held by actor 1");
            assertThat(finding.preemptions()).isEqualTo(1);
        }
        assertThat(find(LockOrder.class).message()).contains("LockOrder.left", "LockOrder.right");
    }

    @Test
    void signalBeforeTheWait_isAMissedWakeUp() {
        assertThat(find(LostSignal.class).kind()).isEqualTo(Finding.Kind.MISSED_WAKE_UP);
        assertThat(find(LostNotify.class).kind()).isEqualTo(Finding.Kind.MISSED_WAKE_UP);
    }

    @Test
    void spinning_isALivelock_onlyIfNobodyElseRuns() {
        assertThat(find(Spins.class).kind()).isEqualTo(Finding.Kind.LIVELOCK);
        ExplorationReport report = Explorer.of(SpinsForAnother.class).check();
        assertThat(report.exhausted()).isTrue();
        assertThat(report.notSeen()).anyMatch(line -> line.contains("only reads"));
    }

    @Test
    void actorThatNeverEnds_isALivelock() {
        assertThat(find(NeverEnds.class).kind()).isEqualTo(Finding.Kind.LIVELOCK);
    }

    @Test
    void threadThatWaitsForEver_outlivesTheRun() {
        Finding finding = find(LeavesThread.class);

        assertThat(finding.kind()).isEqualTo(Finding.Kind.OUTLIVES);
        assertThat(finding.message()).contains("left over waits for a latch");
    }

    @Test
    void exceptionOfAnActor_isAFinding() {
        Finding finding = find(Throws.class);

        assertThat(finding.kind()).isEqualTo(Finding.Kind.EXCEPTION);
        assertThat(finding.message()).isEqualTo("actor 2 throws java.lang.IllegalStateException: seen");
        assertThat(finding.cause()).contains("FindingsTest.java");
    }

    @Test
    void check_failsWithTheReport() {
        assertThatThrownBy(() -> Explorer.of(LostUpdate.class).check())
                .isInstanceOf(ExplorationFailure.class)
                .hasMessageContaining("count is 1")
                .hasMessageContaining("s1-");
    }

    @Test
    void boundedSearch_findsWithAsManyPreemptionsAsTheFaultNeeds_andNotWithFewer() {
        ExplorationReport none =
                Explorer.of(LostUpdate.class).withSearch(Search.bounded(0)).check();
        assertThat(none.exhausted()).isTrue();
        assertThat(none.bound()).isZero();

        ExplorationReport one =
                Explorer.of(LostUpdate.class).withSearch(Search.bounded(3)).explore();
        assertThat(one.findings()).hasSize(1);
        assertThat(one.findings().getFirst().preemptions()).isEqualTo(1);
    }

    @Test
    void bound_isHonest_forFaultsThatNeedMorePreemptions() {
        for (int needed = 2; needed <= 4; needed++) {
            int least = Explorer.of(NeedsPreemptions.class, needed)
                    .withSearch(Search.bounded(9))
                    .explore()
                    .findings()
                    .getFirst()
                    .preemptions();
            assertThat(least).isGreaterThanOrEqualTo(needed - 1);

            ExplorationReport fewer = Explorer.of(NeedsPreemptions.class, needed)
                    .withSearch(Search.bounded(least - 1))
                    .check();
            assertThat(fewer.exhausted()).isTrue();
            assertThat(fewer.bound()).isEqualTo(least - 1);
            assertThat(fewer).asString().contains("nothing found", "at most " + (least - 1) + " preemptions");
            assertThat(Explorer.of(NeedsPreemptions.class, needed).explore().findings())
                    .hasSize(1);
        }
    }

    @Test
    void randomSearch_findsALostUpdate_forEachSeed() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(Explorer.of(LostUpdate.class)
                            .withSearch(Search.random(seed, 2, 200))
                            .explore()
                            .findings())
                    .hasSize(1);
        }
    }
}
