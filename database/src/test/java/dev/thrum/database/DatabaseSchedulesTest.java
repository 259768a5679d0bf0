package dev.thrum.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.database.DatabaseException.Reason;
import dev.thrum.database.dialect.CallKind;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The threads of a {@link Database} over a dialect in memory, under all schedules with few preemptions. */
class DatabaseSchedulesTest {
    private static final boolean SOAK = Boolean.getBoolean("thrum.soak");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Call<Integer> call() {
        return new Call<>(CallKind.UPDATE, _ -> 1, SECOND);
    }

    /** A call that comes while the watch ends is failed by the one or the other. */
    static final class AddAgainstClose implements Program {
        private final DeadlineWatch watch = new DeadlineWatch("watch", () -> {});
        private final Call<Integer> call = call();

        @Override
        public List<Actor> actors() {
            return List.of(() -> watch.add(call), watch::close);
        }

        @Override
        public void invariant() {
            assertThat(call.future()).isCompletedExceptionally();
        }
    }

    /** Two calls that need each other: each gets a thread, whatever the order of its start. */
    static final class TwoCalls implements Program {
        private final CountDownLatch both = new CountDownLatch(2);
        private final AtomicInteger ended = new AtomicInteger();
        private final DatabaseExecutor executor = new DatabaseExecutor(
                new DatabaseExecutor.Shape("db", false, 2, 2, SECOND), new MemoryDialect(), (call, _, _) -> meet(call));

        private void meet(Call<?> call) {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            call.acknowledge();
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::submit, this::submit);
        }

        private void submit() {
            Call<Integer> call = call();
            assertThat(executor.offer(call)).isTrue();
            Integer _ = call.future().join();
            if (ended.incrementAndGet() == 2) {
                executor.beginDrain();
            }
        }

        @Override
        public void invariant() {
            assertThat(executor.waiting()).isZero();
            assertThat(executor.alive()).isZero();
        }
    }

    /** A call that was accepted while the executor drains is run; any other is refused. */
    static final class CallAgainstDrain implements Program {
        private final Call<Integer> call = call();
        private final DatabaseExecutor executor = new DatabaseExecutor(
                new DatabaseExecutor.Shape("db", false, 1, 1, SECOND),
                new MemoryDialect(),
                (taken, _, _) -> taken.acknowledge());
        private volatile boolean refused;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            assertThat(executor.offer(call)).isTrue();
                        } catch (DatabaseException e) {
                            refused = true;
                        }
                    },
                    executor::beginDrain);
        }

        @Override
        public void invariant() {
            assertThat(call.isOver()).isNotEqualTo(refused);
        }

        @Override
        public String outcome() {
            return refused ? "refused" : "run";
        }
    }

    /** A call is run or given up, never both. */
    static final class RunAgainstAbandon implements Program {
        private final MemoryDialect dialect = new MemoryDialect();
        private final Call<Integer> call = new Call<>(CallKind.UPDATE, session -> session.update("a"), SECOND);
        private final DatabaseExecutor executor = new DatabaseExecutor(
                new DatabaseExecutor.Shape("db", false, 1, 1, SECOND),
                dialect,
                new GroupCommit(new DatabaseCounters()));

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        assertThat(executor.offer(call)).isTrue();
                        executor.beginDrain();
                    },
                    call::abandon);
        }

        @Override
        public void invariant() {
            String how = how(call.future());
            assertThat(how).isIn("done", "CLOSED", "UNKNOWN");
            if (!how.equals("UNKNOWN")) {
                assertThat(dialect.committed()).isEqualTo(how.equals("done") ? "a" : "");
            }
        }

        @Override
        public String outcome() {
            return how(call.future());
        }
    }

    private static String how(@Nullable CompletableFuture<Integer> future) {
        if (future == null || !future.isDone()) {
            return "open";
        }
        try {
            Integer _ = future.join();
            return "done";
        } catch (CompletionException e) {
            return e.getCause() instanceof DatabaseException failure
                    ? failure.reason().name()
                    : String.valueOf(e.getCause());
        }
    }

    /** A database, which the actors use and close. */
    abstract static class OnDatabase implements Program {
        final MemoryDialect dialect = new MemoryDialect();
        final Database database;

        OnDatabase(Duration deadline) {
            database = Database.open(
                    DatabaseConfig.of(new Source(dialect)).withThreads(1).withDeadline(deadline), Schema.none());
        }
    }

    /** Two calls share a commit, or not; whoever gets a result finds it committed. */
    static final class TwoUpdates extends OnDatabase {
        private final AtomicInteger ended = new AtomicInteger();

        TwoUpdates() {
            super(SECOND);
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> update("a"), () -> update("b"));
        }

        private void update(String sql) throws InterruptedException {
            assertThat(database.update(sql).join()).isOne();
            assertThat(dialect.committed()).contains(sql);
            if (ended.incrementAndGet() == 2) {
                assertThat(database.shutdown(SECOND)).isTrue();
            }
        }

        @Override
        public void invariant() {
            assertThat(dialect.committed()).isIn("ab", "ba");
        }

        @Override
        public String outcome() {
            return dialect.commits() + " commits";
        }
    }

    /** A call that comes while the database closes is done, or fails; its caller never waits for ever. */
    static final class UpdateAgainstClose extends OnDatabase {
        private volatile @Nullable CompletableFuture<Integer> future;

        UpdateAgainstClose() {
            super(SECOND);
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> future = database.update("a"), database::close);
        }

        @Override
        public void invariant() {
            String how = how(future);
            assertThat(how).isIn("done", Reason.CLOSED.name());
            assertThat(dialect.committed()).isEqualTo(how.equals("done") ? "a" : "");
        }

        @Override
        public String outcome() {
            return how(future);
        }
    }

    /** The second call's time is over just when the first one, which is slow, has ended. */
    static final class BeginAgainstDeadline extends OnDatabase {
        private volatile @Nullable CompletableFuture<Integer> second;

        BeginAgainstDeadline() {
            super(MemoryDialect.SLOW);
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                CompletableFuture<Integer> first = database.update("slow");
                second = database.update("a");
                Thread.sleep(SECOND);
                assertThat(database.shutdown(SECOND)).isTrue();
                assertThat(first).isDone();
            });
        }

        @Override
        public void invariant() {
            String how = how(second);
            assertThat(how).isIn("done", "EXPIRED", "UNKNOWN");
            if (!how.equals("UNKNOWN")) {
                assertThat(dialect.committed().contains("a")).isEqualTo(how.equals("done"));
            }
        }

        @Override
        public String outcome() {
            return how(second);
        }
    }

    @Test
    void callThatComesWhileTheWatchEnds_fails() {
        ExplorationReport report = Explorer.of(AddAgainstClose.class).check();

        assertThat(report.exhausted()).isTrue();
    }

    @Test
    void callsThatNeedEachOther_getThreads() {
        within(SOAK ? 2 : 1, TwoCalls.class);
    }

    @Test
    void callThatComesDuringTheDrain_isRunOrRefused() {
        assertThat(within(SOAK ? 3 : 2, CallAgainstDrain.class).outcomes()).containsOnlyKeys("run", "refused");
    }

    @Test
    void call_isRunOrGivenUp() {
        assertThat(within(SOAK ? 3 : 2, RunAgainstAbandon.class).outcomes())
                .containsOnlyKeys("done", "CLOSED", "UNKNOWN");
    }

    @Test
    void callsThatShareACommit_areAcknowledgedAfterIt() {
        assertThat(within(SOAK ? 2 : 1, TwoUpdates.class).outcomes()).containsOnlyKeys("1 commits", "2 commits");
    }

    @Test
    void callThatComesDuringTheClose_isDoneOrRefused() {
        assertThat(within(SOAK ? 2 : 1, UpdateAgainstClose.class).outcomes()).containsOnlyKeys("done", "CLOSED");
    }

    @Test
    void callWhoseTimeIsOver_isNotRun() {
        assertThat(within(SOAK ? 2 : 1, BeginAgainstDeadline.class).outcomes()).containsKeys("EXPIRED", "done");
    }

    private static ExplorationReport within(int preemptions, Class<? extends Program> program) {
        ExplorationReport report =
                Explorer.of(program).withSearch(Search.bounded(preemptions)).check();
        assertThat(report.bound()).isEqualTo(preemptions);
        return report;
    }
}
