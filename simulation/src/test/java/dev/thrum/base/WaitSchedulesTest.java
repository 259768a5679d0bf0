package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@link TimedWait} and {@link HostLookups} under every schedule, or all with few preemptions. */
class WaitSchedulesTest {
    private static final int PREEMPTIONS = Boolean.getBoolean("thrum.soak") ? 3 : 2;

    /** A permit comes just when the time is over: it is taken or left, and no interrupt stays. */
    static final class PermitAgainstTimer implements Program {
        private final Semaphore permits = new Semaphore(0);
        private volatile boolean inTime;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        inTime = new TimedWait(Clock.system(), 1_000).endsInTime(permits::acquire);
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    },
                    () -> {
                        Thread.sleep(Duration.ofNanos(1_000));
                        permits.release();
                    });
        }

        @Override
        public void invariant() {
            assertThat(permits.availablePermits()).isEqualTo(inTime ? 0 : 1);
        }

        @Override
        public String outcome() {
            return inTime ? "in time" : "late";
        }
    }

    /** Another thread's interrupt reaches the one that waits, unless the timer's comes at the same time. */
    static final class InterruptAgainstTimer implements Program {
        private final Semaphore permits = new Semaphore(0);
        private volatile @Nullable Thread waiting;
        private volatile String how = "";

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        waiting = Thread.currentThread();
                        try {
                            boolean inTime = new TimedWait(Clock.system(), 1_000).endsInTime(permits::acquire);
                            how = inTime ? "in time" : "late";
                        } catch (InterruptedException e) {
                            how = "interrupted";
                        }
                    },
                    () -> {
                        Thread thread = waiting;
                        if (thread != null) {
                            thread.interrupt();
                        }
                    });
        }

        @Override
        public void invariant() {
            assertThat(how).isIn("late", "interrupted");
        }

        @Override
        public String outcome() {
            return how;
        }
    }

    /** A look-up that begins while this is closed ends, although the system's resolver does not return. */
    static final class LookUpAgainstClose implements Program {
        private final CountDownLatch resolved = new CountDownLatch(1);
        private final OffloadPool pool = new OffloadPool(1, 1, 1, 2);
        private final HostLookups lookups = new HostLookups(pool, _ -> resolve());

        private InetAddress[] resolve() {
            try {
                resolved.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[0];
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        boolean failed = lookups.lookUp("host")
                                .handle((_, failure) -> failure != null)
                                .join();
                        assertThat(failed).isTrue();
                        resolved.countDown();
                        pool.close();
                    },
                    lookups::close);
        }
    }

    @Test
    void wait_takesWhatItWaitsFor_orLeavesIt_whenItsTimeIsOver() {
        ExplorationReport report = Explorer.of(PermitAgainstTimer.class).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).containsOnlyKeys("in time", "late");
    }

    @Test
    void interrupt_reachesTheThreadThatWaits() {
        ExplorationReport report = Explorer.of(InterruptAgainstTimer.class).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).containsOnlyKeys("interrupted", "late");
    }

    @Test
    void lookUpDuringTheClose_ends() {
        ExplorationReport report = Explorer.of(LookUpAgainstClose.class)
                .withSearch(Search.bounded(PREEMPTIONS))
                .check();

        assertThat(report.bound()).isEqualTo(PREEMPTIONS);
        assertThat(report.schedules()).isGreaterThan(1);
    }
}
