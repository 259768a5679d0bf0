package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@link NamedLock}s that are acquired together, under every schedule. */
class NamedLockSchedulesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    static final class OppositeOrders implements Program {
        private final NamedLock left = new NamedLock("left");
        private final NamedLock right = new NamedLock("right");
        private int count;

        @Override
        public List<Actor> actors() {
            return List.of(() -> both(left, right), () -> both(right, left));
        }

        private void both(NamedLock one, NamedLock other) throws Exception {
            try (NamedLock.Held _ = NamedLock.lockAll(SECOND, List.of(one, other))) {
                assertThat(one.owner()).contains(Thread.currentThread());
                assertThat(other.owner()).contains(Thread.currentThread());
                count++;
            }
        }

        @Override
        public void invariant() {
            assertThat(count).isEqualTo(2);
        }
    }

    /** A thread that gets one lock but not the other in time, or is interrupted meanwhile, keeps none. */
    static final class GivesUp implements Program {
        private final NamedLock left = new NamedLock("left");
        private final NamedLock right = new NamedLock("right");
        private volatile @Nullable Thread first;
        private volatile String how = "";

        @Override
        public List<Actor> actors() {
            return List.of(this::tryBoth, () -> {
                right.lock();
                try {
                    Thread thread = first;
                    if (thread != null) {
                        thread.interrupt();
                    }
                } finally {
                    right.unlock();
                }
            });
        }

        private void tryBoth() {
            first = Thread.currentThread();
            left.lock();
            try {
                Optional<NamedLock.Held> held = NamedLock.tryLockAll(SECOND, List.of(left, right));
                how = held.isPresent() ? "held" : "late";
                held.ifPresent(NamedLock.Held::close);
            } catch (InterruptedException e) {
                how = "interrupted";
            } finally {
                assertThat(left.getHoldCount()).isOne();
                left.unlock();
            }
        }

        @Override
        public void invariant() {
            assertThat(left.isLocked()).isFalse();
            assertThat(right.isLocked()).isFalse();
        }

        @Override
        public String outcome() {
            return how;
        }
    }

    /** Records of locks would be further steps, so explored code keeps none. */
    static final class Nested implements Program {
        private final NamedLock outer = new NamedLock("outer");
        private final NamedLock inner = new NamedLock("inner");
        private int count;

        @Override
        public List<Actor> actors() {
            return List.of(this::both, this::both);
        }

        private void both() {
            outer.lock();
            try {
                inner.lock();
                try {
                    count++;
                } finally {
                    inner.unlock();
                }
            } finally {
                outer.unlock();
            }
        }

        @Override
        public void invariant() {
            assertThat(count).isEqualTo(2);
            assertThat(NamedLock.report().edges()).isZero();
        }
    }

    @Test
    void nestedLocks_leaveNoRecords() {
        assertThat(Explorer.of(Nested.class).check().exhausted()).isTrue();
    }

    @Test
    void threadsThatLockAll_inOppositeOrders_neverDeadlock() {
        ExplorationReport report = Explorer.of(OppositeOrders.class).check();

        assertThat(report.exhausted()).isTrue();
    }

    @Test
    void threadThatGivesUp_keepsNoLock() {
        ExplorationReport report =
                Explorer.of(GivesUp.class).withTimeouts(Timeouts.ANY).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).containsOnlyKeys("held", "late", "interrupted");
    }
}
