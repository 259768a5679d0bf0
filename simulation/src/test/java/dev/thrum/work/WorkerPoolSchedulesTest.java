package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@link Task} under every schedule, and a {@link WorkerPool} under all with few preemptions. */
class WorkerPoolSchedulesTest {
    private static final boolean SOAK = Boolean.getBoolean("thrum.soak");
    private static final Duration SECOND = Duration.ofSeconds(1);

    static final class RunAgainstWithdraw implements Program {
        private int runs;
        private final Task<Integer> task = new Task<>(() -> ++runs, Task.Failures.LOGGED);
        private volatile boolean withdrawn;

        @Override
        public List<Actor> actors() {
            return List.of(task::run, task::run, () -> {
                withdrawn = task.withdraw();
                if (withdrawn) {
                    task.giveUp("it is not needed any more");
                }
            });
        }

        @Override
        public void invariant() {
            assertThat(runs).isEqualTo(withdrawn ? 0 : 1);
            assertThat(task.future().isDone()).isTrue();
            assertThat(task.future().isCancelled()).isEqualTo(withdrawn);
        }

        @Override
        public String outcome() {
            return withdrawn ? "withdrawn" : "run";
        }
    }

    /** A caller that cancels the future either prevents the task or only loses its result. */
    static final class RunAgainstCancel implements Program {
        private int runs;
        private final Task<Integer> task = new Task<>(() -> ++runs, Task.Failures.LOGGED);

        @Override
        public List<Actor> actors() {
            return List.of(task::run, () -> {
                boolean cancelled = task.future().cancel(false);
                assertThat(cancelled).isEqualTo(task.future().isCancelled());
            });
        }

        @Override
        public void invariant() {
            assertThat(task.future().isDone()).isTrue();
            assertThat(task.future().isCancelled() || runs == 1).isTrue();
        }

        @Override
        public String outcome() {
            return (task.future().isCancelled() ? "cancelled, " : "") + runs;
        }
    }

    /** A submitted task is run, rejected or given up; its future ends in any case. */
    abstract static class SubmitAgainst implements Program {
        final WorkerPool pool = WorkerPool.virtual("pool", 1, 1);
        private volatile boolean ran;
        private volatile boolean rejected;
        private volatile @Nullable CompletableFuture<Integer> result;

        final void submit() throws InterruptedException {
            try {
                result = pool.submit(() -> {
                    ran = true;
                    return 1;
                });
            } catch (RejectedExecutionException e) {
                rejected = true;
            }
        }

        @Override
        public void invariant() {
            CompletableFuture<Integer> future = result;
            assertThat(future == null).isEqualTo(rejected);
            assertThat(future == null || future.isDone()).isTrue();
            assertThat(ran && rejected).isFalse();
        }

        @Override
        public String outcome() {
            return rejected ? "rejected" : ran ? "ran" : "given up";
        }
    }

    static final class SubmitAgainstShutdown extends SubmitAgainst {
        @Override
        public List<Actor> actors() {
            return List.of(this::submit, () -> {
                WorkerPool.Drain drain = pool.shutdown(SECOND);
                assertThat(drain.notRun()).isEmpty();
            });
        }
    }

    static final class SubmitAgainstClose extends SubmitAgainst {
        @Override
        public List<Actor> actors() {
            return List.of(this::submit, pool::close);
        }
    }

    /** A task that waits for tasks of its own pool runs them itself, while another thread may take them. */
    static final class Help implements Program {
        private final WorkerPool pool = WorkerPool.virtual("pool", 1, 1);
        private volatile List<Integer> results = List.of();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        results = pool.submit(() -> pool.map(List.of(1, 2), value -> value))
                                .join();
                        pool.close();
                    },
                    () -> {
                        try {
                            int _ = pool.submit(() -> 3).join();
                        } catch (RejectedExecutionException | CancellationException e) {
                            assertThat(results).hasSize(2);
                        }
                    });
        }

        @Override
        public void invariant() {
            assertThat(results).containsExactly(1, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {RunAgainstWithdraw.class, RunAgainstCancel.class})
    void task_runsOrIsWithdrawn_andItsFutureEnds(Class<? extends Program> program) {
        ExplorationReport report = Explorer.of(program).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).hasSizeGreaterThan(1);
    }

    @Test
    void taskSubmittedDuringShutdown_runsOrIsRejected() {
        assertThat(explored(SOAK ? 3 : 2, SubmitAgainstShutdown.class).outcomes())
                .containsOnlyKeys("ran", "rejected");
    }

    @Test
    void taskSubmittedDuringClose_runsOrIsRejectedOrGivenUp() {
        assertThat(explored(SOAK ? 3 : 2, SubmitAgainstClose.class).outcomes())
                .containsOnlyKeys("ran", "rejected", "given up");
    }

    @Test
    void taskThatWaitsForTasksOfItsPool_getsTheirResults() {
        explored(SOAK ? 2 : 1, Help.class);
    }

    private static ExplorationReport explored(int preemptions, Class<? extends Program> program) {
        ExplorationReport report =
                Explorer.of(program).withSearch(Search.bounded(preemptions)).check();
        assertThat(report.bound()).isEqualTo(preemptions);
        return report;
    }
}
