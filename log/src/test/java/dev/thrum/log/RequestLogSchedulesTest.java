package dev.thrum.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import dev.thrum.testkit.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@link RecordQueue} under every schedule, and a {@link RequestLog} with its thread under all with few preemptions. */
class RequestLogSchedulesTest {
    private static final int PREEMPTIONS = Boolean.getBoolean("thrum.soak") ? 3 : 2;

    static final class TwoProducers implements Program {
        private final RecordQueue queue = new RecordQueue(2);
        private final List<RequestRecord> taken = new ArrayList<>();
        private volatile boolean refused;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        put(1);
                        put(2);
                    },
                    () -> put(10),
                    () -> {
                        queue.take(taken, 1);
                        queue.take(taken, 2);
                    });
        }

        private void put(long number) {
            if (!queue.offer(Records.numbered(number))) {
                refused = true;
            }
        }

        @Override
        public void invariant() {
            queue.take(taken, 3);
            assertThat(queue.isEmpty()).isTrue();
            assertThat(taken).doesNotHaveDuplicates().hasSize(refused ? 2 : 3);
            assertThat(taken.stream().map(Records::number).filter(number -> number < 10))
                    .isSorted();
        }

        @Override
        public String outcome() {
            return refused ? "full" : "all";
        }
    }

    /** A log whose sink notes the time of each record, in milliseconds of the explorer's clock. */
    abstract static class OnLog implements Program {
        private final Clock clock = Clock.system();
        private final long begun = clock.nanoTime();
        private final StringBuilder written = new StringBuilder();
        final RequestLog log;

        OnLog(int capacity) {
            log = RequestLog.open(
                    new Notes(),
                    clock,
                    capacity,
                    WhenFull.WAIT,
                    Duration.ofSeconds(5),
                    task -> Threads.daemon("thrum-log", task));
        }

        final long millis() {
            return Duration.ofNanos(clock.nanoTime() - begun).toMillis();
        }

        /** The number of each record and the time when it was written. */
        final String written() {
            return written.toString();
        }

        private final class Notes implements LogSink {
            @Override
            public int write(List<RequestRecord> records) {
                written.append(Records.number(records.getFirst()))
                        .append(" at ")
                        .append(millis())
                        .append("; ");
                return 1;
            }

            @Override
            public void write(Gap gap) {
                written.append("gap; ");
            }

            @Override
            public void close() {
                written.append("closed");
            }

            @Override
            public String toString() {
                return "notes";
            }
        }
    }

    /** The writer goes to sleep after 100 ms, for a second, just when a record comes. */
    static final class PutAgainstSleep extends OnLog {
        PutAgainstSleep() {
            super(4);
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                Thread.sleep(100);
                log.put(Records.numbered(1));
                Thread.sleep(1_500);
                assertThat(log.drain(Duration.ofSeconds(1))).isTrue();
            });
        }

        @Override
        public void invariant() {
            // Ten later if the writer has found the place claimed and not filled.
            assertThat(written()).isIn("1 at 100; closed", "1 at 110; closed");
        }
    }

    /** Producers that wait for room get it as soon as the writer has made some. */
    static final class PutsThatWait extends OnLog {
        private volatile long end;

        PutsThatWait() {
            super(1);
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                for (int i = 1; i <= 3; i++) {
                    log.put(Records.numbered(i));
                }
                end = millis();
                assertThat(log.drain(Duration.ofSeconds(1))).isTrue();
            });
        }

        @Override
        public void invariant() {
            assertThat(written()).contains("1 at", "2 at", "3 at", "closed");
            assertThat(end).isLessThan(50);
        }
    }

    /** A record that was put before the log ends is written. */
    static final class PutAgainstDrain extends OnLog {
        PutAgainstDrain() {
            super(2);
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> log.put(Records.numbered(1)), () -> {
                boolean _ = log.drain(Duration.ofSeconds(1));
            });
        }

        @Override
        public void invariant() {
            LogStats stats = log.stats();
            assertThat(stats.written() + stats.dropped() + stats.waiting()).isOne();
            assertThat(written().contains("1 at 0")).isEqualTo(stats.written() == 1);
        }

        @Override
        public String outcome() {
            return log.stats().written() + " written, " + log.stats().dropped() + " dropped";
        }
    }

    @Test
    void recordQueue_losesNothing_andKeepsTheOrderOfEachProducer() {
        ExplorationReport report = Explorer.of(TwoProducers.class).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).containsOnlyKeys("full", "all");
    }

    @ParameterizedTest
    @ValueSource(classes = {PutAgainstSleep.class, PutsThatWait.class, PutAgainstDrain.class})
    void record_isWrittenAtOnce(Class<? extends Program> program) {
        ExplorationReport report;
        try (LogCapture _ = new LogCapture("dev.thrum.log")) {
            report =
                    Explorer.of(program).withSearch(Search.bounded(PREEMPTIONS)).check();
        }

        assertThat(report.bound()).isEqualTo(PREEMPTIONS);
        assertThat(report.schedules()).isGreaterThan(1);
    }
}
