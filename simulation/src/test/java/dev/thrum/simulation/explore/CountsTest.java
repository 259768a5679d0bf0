package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of schedules that can be worked out by hand. */
class CountsTest {
    /** Two threads that each read and then write: with the start, three steps each. */
    static final class LostUpdate implements Program {
        private int count;

        @Override
        public List<Actor> actors() {
            Actor increment = () -> count++;
            return List.of(increment, increment);
        }

        @Override
        public String outcome() {
            return count == 2 ? "kept" : "lost";
        }
    }

    /** Threads that touch only their own variables. */
    static final class OwnVariables implements Program {
        private final int[] cells;

        OwnVariables(int threads) {
            cells = new int[threads];
        }

        @Override
        public List<Actor> actors() {
            return IntStream.range(0, cells.length)
                    .<Actor>mapToObj(i -> () -> {
                        cells[i]++;
                        cells[i]++;
                    })
                    .toList();
        }
    }

    /** Threads that each go once through one lock. */
    static final class OneLock implements Program {
        private final ReentrantLock lock = new ReentrantLock();
        private final int threads;
        private int count;

        OneLock(int threads) {
            this.threads = threads;
        }

        @Override
        public List<Actor> actors() {
            List<Actor> actors = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                actors.add(() -> {
                    lock.lock();
                    try {
                        count++;
                    } finally {
                        lock.unlock();
                    }
                });
            }
            return actors;
        }

        @Override
        public void invariant() {
            assertThat(count).isEqualTo(threads);
        }
    }

    /** The same with a monitor. */
    static final class OneMonitor implements Program {
        private final int threads;
        private int count;

        OneMonitor(int threads) {
            this.threads = threads;
        }

        @Override
        public List<Actor> actors() {
            return java.util.Collections.nCopies(threads, this::increment);
        }

        private synchronized void increment() {
            count++;
        }

        @Override
        public void invariant() {
            assertThat(count).isEqualTo(threads);
        }
    }

    @Test
    void plainSearch_runs20Schedules_ofWhich12LoseAnUpdate() {
        ExplorationReport report =
                Explorer.of(LostUpdate.class).withSearch(Search.plain()).check();

        assertThat(report.schedules()).isEqualTo(20);
        assertThat(report.outcomes()).isEqualTo(Map.of("kept", 8L, "lost", 12L));
        assertThat(report.exhausted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reduction_runs4Schedules_ofWhich2LoseAnUpdate(boolean sourceSets) {
        ExplorationReport report = Explorer.of(LostUpdate.class)
                .withSearch(sourceSets ? Search.systematic() : Search.sleepSets())
                .check();

        assertThat(report.schedules()).isEqualTo(4);
        assertThat(report.outcomes()).isEqualTo(Map.of("kept", 2L, "lost", 2L));
        assertThat(report.exhausted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6})
    void reduction_runsOneSchedule_ofThreadsThatShareNothing(int threads) {
        ExplorationReport report = Explorer.of(OwnVariables.class, threads).check();

        assertThat(report.schedules()).isEqualTo(1);
        assertThat(report.redundant()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void reduction_runsEachOrder_ofThreadsThatGoThroughOneLock(int threads) {
        for (Class<? extends Program> program : List.of(OneLock.class, OneMonitor.class)) {
            ExplorationReport report = Explorer.of(program, threads).check();

            long orders = IntStream.rangeClosed(1, threads).asLongStream().reduce(1, (a, b) -> a * b);
            assertThat(report.schedules()).isEqualTo(orders);
            assertThat(report.redundant()).isZero();
        }
    }
}
