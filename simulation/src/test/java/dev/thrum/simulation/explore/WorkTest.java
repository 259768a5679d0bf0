package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.work.NamedLock;
import dev.thrum.work.WorkQueue;
import dev.thrum.work.WorkerPool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Module {@code work} under the explorer: every schedule of small uses of it. */
class WorkTest {
    static final class PutAndTake implements Program {
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
                        taken = queue.poll(Duration.ofSeconds(1));
                        queue.taskDone();
                    },
                    queue::join);
        }

        @Override
        public void invariant() {
            assertThat(taken).contains(1);
        }
    }

    static final class Locks implements Program {
        private final NamedLock left = new NamedLock("left");
        private final NamedLock right = new NamedLock("right");
        private int count;

        @Override
        public List<Actor> actors() {
            return List.of(() -> both(left, right), () -> both(right, left));
        }

        private void both(NamedLock one, NamedLock other) throws Exception {
            try (NamedLock.Held _ = NamedLock.lockAll(Duration.ofSeconds(1), List.of(one, other))) {
                assertThat(one.owner()).contains(Thread.currentThread());
                count++;
            }
        }

        @Override
        public void invariant() {
            assertThat(count).isEqualTo(2);
        }
    }

    static final class SubmitAgainstShutdown implements Program {
        private final WorkerPool pool = WorkerPool.virtual("pool", 1, 1);
        private volatile boolean ran;
        private volatile boolean rejected;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            CompletableFuture<Integer> result = pool.submit(() -> {
                                ran = true;
                                return 1;
                            });
                            assertThat(result).isNotNull();
                        } catch (RuntimeException e) {
                            rejected = true;
                        }
                    },
                    () -> {
                        var _ = pool.shutdown(Duration.ofSeconds(1));
                    });
        }

        @Override
        public void invariant() {
            assertThat(ran).isNotEqualTo(rejected);
        }

        @Override
        public String outcome() {
            return ran ? "ran" : "rejected";
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {PutAndTake.class, CloseAgainstTake.class, Locks.class})
    void smallUse_isExhausted_withNothingFound(Class<? extends Program> program) {
        ExplorationReport report = Explorer.of(program).check();

        assertThat(report.exhausted()).isTrue();
    }

    @Test
    void taskSubmittedDuringShutdown_runsOrIsRejected() {
        ExplorationReport report = Explorer.of(SubmitAgainstShutdown.class)
                .withSearch(Search.bounded(1))
                .check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).containsOnlyKeys("ran", "rejected");
    }
}
