package dev.thrum.measure.compare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.measure.CoreSplit;
import dev.thrum.measure.compare.Arm;
import dev.thrum.measure.compare.Cell;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Conditions;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.Goal;
import dev.thrum.measure.compare.HighestRate;
import dev.thrum.measure.compare.LoadPoint;
import dev.thrum.measure.compare.Round;
import dev.thrum.measure.compare.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons of real processes, in short: what is there afterwards, not what the figures are. */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
final class CompareRunTest {
    private static final ComparePlan.Times SHORT =
            new ComparePlan.Times(Duration.ofMillis(600), 3, Duration.ofMillis(200), Duration.ofMillis(100), 2);

    @TempDir
    private Path folder;

    private final List<Comparison> saved = new ArrayList<>();
    private @Nullable CompareRun running;

    /** Stops the comparison when so many rounds are done. */
    private int stopAfter = Integer.MAX_VALUE;

    private CompareRun run(int rounds, String... hows) throws IOException {
        List<Entrant> entrants = new ArrayList<>();
        for (String how : hows) {
            entrants.add(new Entrant(new Arm(how, how, null), List.of(EchoArm.class.getName(), how)));
        }
        ComparePlan plan = new ComparePlan(
                rounds,
                SHORT,
                new Goal(Figure.LATENCY_P99, 1_000),
                4,
                List.of(2),
                20,
                2,
                List.of("-Xms64m", "-Xmx64m", "--enable-native-access=ALL-UNNAMED"),
                1);
        CompareRun run = new CompareRun(
                plan,
                Requests.lines(List.of("a", "b"), Duration.ZERO),
                entrants,
                CoreSplit.find(),
                folder.resolve("errors"),
                new CompareRun.Listener() {
                    @Override
                    public void doing(String what) {}

                    @Override
                    public void measured(Comparison soFar) {
                        saved.add(soFar);
                        if (soFar.rounds().size() == stopAfter && running != null) {
                            running.stop();
                        }
                    }
                });
        running = run;
        return run;
    }

    private Comparison start(CompareRun run) {
        return Comparison.of(
                new Setup("echo", "test", 2, new Goal(Figure.LATENCY_P99, 1_000), 0, 0.2, Map.of(), "test"),
                new Conditions("", "", 2, 0, "", "", List.of(), ""),
                run.arms());
    }

    @Test
    void comparison_hasAllArmsAndTheCopy_inEachRound_withAllLoadsAndAccounts() throws Exception {
        CompareRun run = run(2, "plain", "loops");
        Comparison measured = run.run(start(run));

        assertThat(measured.isInterrupted()).isFalse();
        assertThat(measured.arms()).extracting(Arm::name).containsExactly("plain", "loops", "plain again");
        assertThat(measured.warmUps())
                .hasSize(2)
                .allSatisfy(warmUp -> assertThat(warmUp.rates()).isNotEmpty().anyMatch(rate -> rate > 0));
        assertThat(measured.setup().warmUpSeconds()).isPositive();
        assertThat(measured.highest()).extracting(HighestRate::arm).containsExactly("plain", "loops");
        assertThat(measured.points()).extracting(LoadPoint::name).endsWith("saturation", "saturation, 2 connections");
        assertThat(measured.rounds()).hasSize(2);
        for (Round round : measured.rounds()) {
            assertThat(round.cells()).extracting(Cell::arm).containsExactlyInAnyOrder("plain", "loops", "plain again");
            for (Cell cell : round.cells()) {
                assertThat(cell.failure()).isNull();
                assertThat(cell.readings()).hasSameSizeAs(measured.points());
                assertThat(cell.figures()).containsKey(Figure.MEMORY);
                assertThat(cell.readings()).allSatisfy(reading -> {
                    assertThat(reading.figures())
                            .containsKeys(
                                    Figure.THROUGHPUT,
                                    Figure.LATENCY_P99,
                                    Figure.CPU_PER_REQUEST,
                                    Figure.CONTEXT_SWITCHES,
                                    Figure.GC_PAUSES,
                                    Figure.SERVER_HICCUP,
                                    Figure.GENERATOR_HICCUP);
                    assertThat(reading.curve()).isNotEmpty();
                    assertThat(reading.figures().containsKey(Figure.LOOP_LAG))
                            .isEqualTo(cell.arm().equals("loops"));
                });
            }
        }
        assertThat(saved).extracting(each -> each.rounds().size()).containsExactly(0, 1, 2);
    }

    @Test
    void comparison_thatIsStopped_hasTheCompleteRounds() throws Exception {
        stopAfter = 1;
        CompareRun run = run(50, "plain");
        Comparison measured = run.run(start(run));

        assertThat(measured.isInterrupted()).isTrue();
        assertThat(measured.rounds()).hasSize(1);
        assertThat(saved.getLast().rounds()).isEqualTo(measured.rounds());
    }

    @Test
    void loads_ofABaseline_areUsed_inPlaceOfNewOnes() throws Exception {
        CompareRun run = run(1, "plain");
        LoadPoint load = new LoadPoint("50 %", 100, 4, true);
        Comparison measured = run.run(start(run).withPoints(List.of(), List.of(load)));

        assertThat(measured.points()).containsExactly(load);
        assertThat(measured.highest()).isEmpty();
        assertThat(measured.rounds().getFirst().cells())
                .allSatisfy(cell -> assertThat(cell.readings()).hasSize(1));
    }

    @Test
    void server_thatCantBeStarted_isReportedWithItsOwnWords() throws Exception {
        CompareRun run = run(1, "refuses");

        assertThatThrownBy(() -> run.run(start(run)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refuses: expected a kernel of this century");
    }

    @Test
    void arm_thatDiesInTheRounds_isAFailedCell_andTheOthersAreMeasured() throws Exception {
        String dies = EchoArm.DIES_LATER + folder.resolve("marker");
        CompareRun run = run(2, "plain", dies);
        LoadPoint load = new LoadPoint("50 %", 100, 4, true);
        Comparison measured = run.run(start(run).withPoints(List.of(), List.of(load)));

        assertThat(measured.rounds()).hasSize(2).allSatisfy(round -> {
            assertThat(round.cell(dies).orElseThrow().failure()).isNotNull();
            assertThat(round.cell("plain").orElseThrow().failure()).isNull();
            assertThat(round.cell("plain again").orElseThrow().failure()).isNull();
        });
    }
}
