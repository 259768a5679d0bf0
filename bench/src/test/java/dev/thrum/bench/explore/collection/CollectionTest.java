package dev.thrum.bench.explore.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Finding;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import dev.thrum.testkit.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every broken program of the collection is found, every fixed one is exhausted, and all searches agree. */
class CollectionTest {
    /** Schedules of plain search, which is compared as far as it gets. */
    private static final long MOST = 20_000;

    /** Enough for each program; one that has more goes on for ever. */
    private static final int STEPS = 500;

    /** Its exceptions have texts that are others in each run: of objects, a lambda, a thread, a class loader. */
    @SuppressWarnings({"ArrayToString", "ObjectToString"})
    static final class ThrowsTexts implements Program {
        private int count;

        @Override
        public List<Actor> actors() {
            return List.of(this::increment, this::increment);
        }

        private void increment() {
            int before = count;
            count = before + 1;
            Object one = new Object();
            Runnable lambda = () -> {};
            throw new IllegalStateException(one + ", " + new int[0] + ", " + this + ", " + lambda + ", " + one + ", "
                    + Thread.currentThread() + ", " + message(this));
        }

        private static String message(Object object) {
            try {
                return (String) object;
            } catch (ClassCastException e) {
                return e.getMessage();
            }
        }
    }

    static Stream<Pair> pairs() {
        return Pair.ALL.stream();
    }

    private static Explorer explorer(Pair pair, Class<? extends Program> program) {
        return Explorer.of(program).withTimeouts(pair.timeouts()).withSteps(STEPS);
    }

    private static Explorer all(Pair pair, Class<? extends Program> program) {
        return explorer(pair, program).withFindings(Integer.MAX_VALUE);
    }

    @Test
    void kinds_areDifferent_andAtLeastThirty() {
        assertThat(pairs().map(Pair::kind)).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(30);
        assertThat(pairs().map(pair -> pair.kind().replaceAll(":.*", "")))
                .contains(
                        "data race",
                        "atomicity",
                        "publication",
                        "signal",
                        "lock order",
                        "permits",
                        "latch",
                        "barrier",
                        "interrupt",
                        "time limit",
                        "future",
                        "pool",
                        "close",
                        "spinning");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void brokenProgram_isFound(Pair pair) {
        assertThat(explorer(pair, pair.broken()).explore().findings()).hasSize(1);

        ExplorationReport report = all(pair, pair.broken()).explore();
        assertThat(report.exhausted()).isTrue();
        assertThat(report.findings()).extracting(Finding::kind).contains(pair.expected());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void fixedProgram_isExhausted(Pair pair) {
        ExplorationReport report = all(pair, pair.fixed()).check();

        assertThat(report.exhausted()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void searches_findTheSameOutcomes(Pair pair) {
        for (Class<? extends Program> program : List.of(pair.broken(), pair.fixed())) {
            ExplorationReport systematic = all(pair, program).explore();
            ExplorationReport asleep =
                    all(pair, program).withSearch(Search.sleepSets()).explore();
            ExplorationReport plain = all(pair, program)
                    .withSearch(Search.plain())
                    .withBudget(MOST, Duration.ofDays(1))
                    .explore();

            assertThat(asleep.outcomes().keySet())
                    .isEqualTo(systematic.outcomes().keySet());
            if (systematic.findings().stream().noneMatch(finding -> finding.kind() == Finding.Kind.LIVELOCK)) {
                // Runs that are cut are equivalent to no others.
                assertThat(asleep.schedules()).isEqualTo(systematic.schedules());
            }
            if (plain.exhausted()) {
                assertThat(plain.outcomes().keySet())
                        .isEqualTo(systematic.outcomes().keySet());
            } else {
                assertThat(systematic.outcomes().keySet())
                        .containsAll(plain.outcomes().keySet());
            }
        }
    }

    @Test
    void counts_areThoseWrittenDown_andAtMostTwoPercentAreRedundant() throws IOException {
        List<String> lines =
                new ArrayList<>(List.of("kind | broken: schedules, redundant | fixed: schedules, redundant"));
        long schedules = 0;
        long redundant = 0;
        for (Pair pair : Pair.ALL) {
            StringBuilder line = new StringBuilder(pair.kind());
            for (Class<? extends Program> program : List.of(pair.broken(), pair.fixed())) {
                ExplorationReport report = all(pair, program).explore();
                line.append(" | ").append(report.schedules()).append(", ").append(report.redundant());
                schedules += report.schedules();
                redundant += report.redundant();
            }
            lines.add(line.toString());
        }
        lines.add("all | %d, %d".formatted(schedules, redundant));

        assertThat(String.join("\n", lines)).isEqualTo(golden().strip());
        assertThat(redundant * 100).isLessThanOrEqualTo(2 * (schedules + redundant));
    }

    private static String golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(CollectionTest.class.getResourceAsStream("counts.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bound_isHonest(Pair pair) {
        Explorer explorer = explorer(pair, pair.broken());
        int least = explorer.withSearch(Search.bounded(9))
                .explore()
                .findings()
                .getFirst()
                .preemptions();

        assertThat(explorer.withSearch(Search.bounded(least)).explore().findings())
                .hasSize(1);
        if (least > 0) {
            ExplorationReport fewer =
                    explorer.withSearch(Search.bounded(least - 1)).check();
            assertThat(fewer.exhausted()).isTrue();
            assertThat(fewer.bound()).isEqualTo(least - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void faultThatNeedsPreemptions_isFoundWithThem_andNotWithFewer(int needed) {
        Explorer explorer = Explorer.of(Ladder.class, needed + 2);

        List<Finding> found =
                explorer.withSearch(Search.bounded(needed)).explore().findings();
        assertThat(found).extracting(Finding::preemptions).containsExactly(needed);
        if (needed > 0) {
            ExplorationReport fewer =
                    explorer.withSearch(Search.bounded(needed - 1)).check();
            assertThat(fewer.exhausted()).isTrue();
            assertThat(fewer.bound()).isEqualTo(needed - 1);
        }
        assertThat(explorer.explore().findings()).hasSize(1);
    }

    @Test
    void failingSchedule_hasOneTrace_alsoInAnotherJvm() throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>(List.of("--add-opens=java.base/java.lang=ALL-UNNAMED", "-Xmx512m", "--"));
        List<String> traces = new ArrayList<>();
        for (Class<? extends Program> program : List.<Class<? extends Program>>of(
                DataRaces.UnlockedCounter.class,
                Signals.IfForWhile.class,
                LockOrder.LeftForkFirst.class,
                Interrupts.InterruptsTheNextTask.class,
                TimeLimits.TakesAnyResponse.class,
                Futures.LooksWhetherDone.class,
                ThrowsTexts.class)) {
            Explorer explorer = Explorer.of(program);
            String schedule = explorer.explore().findings().getFirst().schedule();
            traces.addAll(Replays.of(explorer, schedule));
            flags.addAll(List.of(program.getName(), schedule));
        }
        assertThat(traces).hasSize(7);
        assertThat(traces.getLast())
                .contains("java.lang.Object@1, [I@2, ", "ThrowsTexts@3, ", ", java.lang.Object@1, ");

        String printed = ChildJvm.run("true", Replays.class, flags.toArray(String[]::new));
        assertThat(printed.lines().filter(line -> !line.contains("SLF4J")).collect(Collectors.joining("\n")))
                .isEqualTo(String.join("\n", traces));
    }
}
