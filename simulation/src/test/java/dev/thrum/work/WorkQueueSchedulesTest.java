package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@link WorkQueue} under every schedule of small uses: no item and no wake-up is lost. */
class WorkQueueSchedulesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    static final class OnePutterAndOneTaker implements Program {
        private final WorkQueue<Integer> queue = new WorkQueue<>(1);
        private final StringBuilder taken = new StringBuilder();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        queue.put(1);
                        queue.put(2);
                    },
                    () -> taken.append(queue.take()).append(queue.take()));
        }

        @Override
        public void invariant() {
            assertThat(taken).hasToString("12");
        }
    }

    static final class TwoTakers implements Program {
        private final WorkQueue<Integer> queue = new WorkQueue<>(1);
        private volatile int first;
        private volatile int second;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        queue.put(1);
                        queue.put(2);
                    },
                    () -> first = queue.take(),
                    () -> second = queue.take());
        }

        @Override
        public void invariant() {
            assertThat(first + second).isEqualTo(3);
        }
    }

    static final class TwoPutters implements Program {
        private final WorkQueue<Integer> queue = new WorkQueue<>(1);
        private volatile int taken;

        @Override
        public List<Actor> actors() {
            return List.of(() -> queue.put(1), () -> queue.put(2), () -> taken = queue.take() + queue.take());
        }

        @Override
        public void invariant() {
            assertThat(taken).isEqualTo(3);
        }
    }

    /** The first taker may run out of time just when it is called: the other one must get the item then. */
    static final class ImpatientTaker implements Program {
        private final WorkQueue<Integer> queue = new WorkQueue<>(2);
        private volatile Optional<Integer> first = Optional.empty();
        private volatile int second;

        @Override
        public List<Actor> actors() {
            return List.of(() -> first = queue.poll(SECOND), () -> second = queue.take(), () -> {
                queue.put(1);
                queue.put(2);
            });
        }

        @Override
        public void invariant() {
            assertThat(second).isPositive();
            assertThat(first.orElse(0)
                            + second
                            + queue.drain().stream().mapToInt(left -> left).sum())
                    .isEqualTo(3);
        }

        @Override
        public String outcome() {
            return first.isPresent() ? "both" : "second";
        }
    }

    /** The first taker may be interrupted just when it is called: the other one must get the item then. */
    static final class InterruptedTaker implements Program {
        private final WorkQueue<Integer> queue = new WorkQueue<>(2);
        private volatile @Nullable Thread first;
        private volatile boolean interrupted;
        private volatile int taken;
        private volatile int second;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        first = Thread.currentThread();
                        try {
                            taken = queue.take();
                        } catch (InterruptedException e) {
                            interrupted = true;
                        }
                    },
                    () -> second = queue.take(),
                    () -> {
                        queue.put(1);
                        Thread thread = first;
                        if (thread != null) {
                            thread.interrupt();
                        }
                        queue.put(2);
                    });
        }

        @Override
        public void invariant() {
            assertThat(interrupted ? taken == 0 && queue.size() == 1 : taken + second == 3)
                    .isTrue();
        }

        @Override
        public String outcome() {
            return interrupted ? "interrupted" : "taken";
        }
    }

    static final class CloseAgainstTake implements Program {
        private final WorkQueue<Integer> queue = new WorkQueue<>(2);
        private volatile Optional<Integer> taken = Optional.empty();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        queue.put(1);
                        queue.close();
                    },
                    () -> {
                        taken = queue.poll(SECOND);
                        queue.taskDone();
                    },
                    queue::join);
        }

        @Override
        public void invariant() {
            assertThat(taken).contains(1);
        }
    }

    /** Takers that wait for an item get the last ones or learn that none will come. */
    static final class CloseAgainstTakers implements Program {
        private final WorkQueue<Integer> queue = new WorkQueue<>(1);
        private volatile int taken;
        private volatile int refused;

        @Override
        public List<Actor> actors() {
            return List.of(this::take, this::take, () -> {
                queue.put(1);
                queue.close();
            });
        }

        private void take() throws InterruptedException {
            try {
                taken = queue.take();
            } catch (QueueClosedException e) {
                refused = 1;
            }
        }

        @Override
        public void invariant() {
            assertThat(taken + refused).isEqualTo(2);
        }
    }

    /** What was put is there, and what was refused is not. */
    static final class CloseAgainstPuts implements Program {
        private final WorkQueue<Integer> queue = new WorkQueue<>(1);
        private final List<Integer> put = new ArrayList<>();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            queue.put(1);
                            put.add(1);
                            queue.put(2);
                            put.add(2);
                        } catch (QueueClosedException e) {
                            assertThat(put).hasSizeLessThan(2);
                        }
                    },
                    queue::close);
        }

        @Override
        public void invariant() {
            assertThat(queue.drain()).isEqualTo(put);
        }

        @Override
        public String outcome() {
            return put.toString();
        }
    }

    /** Items that are drained no longer count, and a thread that waits for room goes on. */
    static final class DrainAgainstJoin implements Program {
        private final WorkQueue<Integer> queue = new WorkQueue<>(1);

        DrainAgainstJoin() {
            assertThat(queue.add(1)).isTrue();
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> queue.put(2),
                    () -> {
                        assertThat(queue.drain()).containsExactly(1);
                        assertThat(queue.take()).isEqualTo(2);
                        queue.taskDone();
                    },
                    queue::join);
        }

        @Override
        public void invariant() {
            assertThat(queue.unfinished()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                OnePutterAndOneTaker.class,
                TwoTakers.class,
                TwoPutters.class,
                CloseAgainstTake.class,
                CloseAgainstTakers.class,
                CloseAgainstPuts.class,
                DrainAgainstJoin.class
            })
    void smallUse_isExhausted(Class<? extends Program> program) {
        ExplorationReport report = Explorer.of(program).check();

        assertThat(report.exhausted()).isTrue();
    }

    @Test
    void takerWhoseTimeIsOver_takesNoCallFromAnother() {
        ExplorationReport report =
                Explorer.of(ImpatientTaker.class).withTimeouts(Timeouts.ANY).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).containsOnlyKeys("both", "second");
    }

    @Test
    void takerThatIsInterrupted_leavesTheItem() {
        ExplorationReport report = Explorer.of(InterruptedTaker.class).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).containsOnlyKeys("interrupted", "taken");
    }
}
