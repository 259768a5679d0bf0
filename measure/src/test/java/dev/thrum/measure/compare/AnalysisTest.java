package dev.thrum.measure.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.measure.compare.ClassicTable.Way;
import dev.thrum.measure.compare.Planted.Effect;
import dev.thrum.measure.compare.Recommendation.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** What is recommended, and why. */
final class AnalysisTest {
    private static final LoadPoint OPEN = new LoadPoint("70 %", 700, 64, true);
    private static final List<LoadPoint> POINTS = List.of(Planted.SATURATION, OPEN);

    private static Comparison planted(Effect effect, String... arms) {
        return new Planted(7, 8, POINTS, arms).comparison(effect, Planted.normal(0.005));
    }

    private static Effect speeds(Map<String, Double> speeds) {
        return (arm, _) -> speeds.getOrDefault(arm, 1.0);
    }

    /** The comparison with other figures under the open load, by arm and round. */
    private static Comparison with(Comparison comparison, BiFunction<String, Integer, Map<Figure, Double>> figures) {
        Comparison changed = comparison;
        for (int round = 0; round < comparison.rounds().size(); round++) {
            for (Cell cell : comparison.rounds().get(round).cells()) {
                List<Reading> readings = new ArrayList<>();
                for (Reading reading : cell.readings()) {
                    EnumMap<Figure, Double> all = new EnumMap<>(reading.figures());
                    if (reading.point().equals(OPEN.name())) {
                        all.putAll(figures.apply(cell.arm(), round));
                    }
                    readings.add(new Reading(reading.point(), all, List.of(), List.of()));
                }
                changed = Planted.with(changed, round, new Cell(cell.arm(), null, readings, Map.of()));
            }
        }
        return changed;
    }

    @Test
    void theArmThatBeatsAllOthers_isRecommended() {
        Recommendation answer = Analysis.of(planted(speeds(Map.of("b", 1.2, "c", 1.1)), "a", "b", "c"))
                .recommendation();

        assertThat(answer.kind()).isEqualTo(Kind.ONE);
        assertThat(answer.arms()).containsExactly("b");
        assertThat(answer.headline()).isEqualTo("Use b.");
        assertThat(answer.details())
                .hasSize(2)
                .allMatch(line -> line.contains(" × the throughput, ") && line.endsWith(" × the CPU per request."))
                .anyMatch(line -> line.startsWith("b against a: 1.2"));
    }

    @Test
    void armsWithTheSameFigures_makeNoDifference() {
        Recommendation answer = Analysis.of(planted(speeds(Map.of("a", 1.2, "b", 1.2, "a again", 1.2)), "a", "b", "c"))
                .recommendation();

        assertThat(answer.kind()).isEqualTo(Kind.NO_DIFFERENCE);
        assertThat(answer.arms()).containsExactly("a", "b");
        assertThat(answer.headline()).isEqualTo("It makes no difference: a or b.");
    }

    @Test
    void armsThatAreEachBetterInSomething_areATradeOff() {
        Comparison comparison = with(
                planted(speeds(Map.of("b", 1.2)), "a", "b"),
                (arm, round) -> Map.of(Figure.LATENCY_P99, arm.equals("b") ? 9 + 0.1 * (round % 3) : 5.0));
        Recommendation answer = Analysis.of(comparison).recommendation();

        assertThat(answer.kind()).isEqualTo(Kind.TRADE_OFF);
        assertThat(answer.arms()).isEmpty();
        assertThat(answer.headline()).isEqualTo("It depends on what matters: a and b are each better in something.");
        assertThat(answer.details()).hasSize(2);
    }

    @Test
    void undecidedArms_areNamed_andBeatenOnesRuledOut() {
        Comparison comparison = new Planted(3, 5, POINTS, "a", "b", "c")
                .comparison(speeds(Map.of("a", 3.0, "b", 3.0, "a again", 3.0)), Planted.normal(0.06));
        Recommendation answer = Analysis.of(comparison).recommendation();

        assertThat(answer.kind()).isEqualTo(Kind.CANNOT_TELL);
        assertThat(answer.headline()).isEqualTo("Cannot tell between a and b, but not c.");
    }

    @Test
    void copiesThatDiffer_andMissingCopies_block() {
        Analysis analysis = Analysis.of(planted(speeds(Map.of("b", 1.5, "a again", 1.1)), "a", "b"));
        assertThat(analysis.recommendation().kind()).isEqualTo(Kind.BLOCKED);
        assertThat(analysis.recommendation().headline())
                .startsWith("No recommendation: the two copies of a differ (A/A) in throughput at saturation: 1.1");
        assertThat(analysis.verdicts()).allMatch(verdict -> verdict.outcome() == Outcome.CANNOT_TELL);

        Comparison comparison = planted(speeds(Map.of("b", 1.5)), "a", "b");
        Comparison without = new Comparison(
                comparison.setup(),
                comparison.conditions(),
                comparison.contenders(),
                comparison.points(),
                List.of(),
                List.of(),
                comparison.rounds().stream()
                        .map(round -> new Round(round.cells().subList(0, 2)))
                        .toList(),
                null,
                false);
        assertThat(Analysis.of(without).recommendation().headline()).contains("there is no second copy");
    }

    @Test
    void anInvalidReading_leavesItsLoadOutOfTheRound_forAllArms() {
        Comparison comparison = planted(speeds(Map.of("b", 1.2)), "a", "b");
        for (int round = 0; round < 5; round++) {
            Cell cell = comparison.rounds().get(round).cell("b").orElseThrow();
            List<Reading> readings = List.of(
                    cell.readings().getFirst(),
                    new Reading(OPEN.name(), Map.of(), List.of(), List.of("the generator was late")));
            comparison = Planted.with(comparison, round, new Cell("b", null, readings, Map.of(Figure.MEMORY, 90.0)));
        }
        assertThat(Analysis.of(comparison).shown("b", new Criterion(Figure.MEMORY, OPEN)))
                .as("memory of whole cells")
                .hasSize(5);
        Analysis analysis = Analysis.of(comparison);

        assertThat(analysis.goodRounds()).hasSize(8);
        assertThat(analysis.verdicts())
                .filteredOn(verdict -> verdict.criterion().point().equals(OPEN))
                .isNotEmpty()
                .allSatisfy(verdict -> {
                    assertThat(verdict.ratios())
                            .extracting(PairVerdict.RoundRatio::round)
                            .containsExactly(5, 6, 7);
                    assertThat(verdict.note())
                            .isEqualTo("only 3 rounds count, where 4 are needed; b: the generator was late");
                });
        assertThat(analysis.recommendation().arms()).containsExactly("b");
    }

    @Test
    void savings_areReasons_onlyIfTheirIntervalSupportsThem() {
        Comparison comparison = with(
                planted(speeds(Map.of("b", 1.4)), "a", "b"),
                (arm, round) -> Map.of(
                        Figure.CONTEXT_SWITCHES, arm.equals("b") ? 0.1 + 0.001 * (round % 3) : 2.0,
                        Figure.GC_PAUSES, arm.equals("b") ? 1.0 + round % 4 : 2.0));

        assertThat(Analysis.of(comparison).reasons())
                .singleElement()
                .asString()
                .startsWith("b saves, against a, 29 % of the CPU per request, 95 % of the context switches")
                .doesNotContain("garbage");
    }

    @Test
    void aBlockedLoop_isAReason_onlyIfItsDelayExplainsTheLatency() {
        Effect effect = speeds(Map.of("a", 0.025, "a again", 0.025));
        Comparison blocked = with(
                planted(effect, "a", "b"),
                (arm, round) -> arm.equals("b") ? Map.of() : Map.of(Figure.LOOP_LAG, 150.0 + round));
        Comparison free = with(
                planted(effect, "a", "b"),
                (arm, round) -> arm.equals("b") ? Map.of() : Map.of(Figure.LOOP_LAG, 1.0 + round));

        assertThat(Analysis.of(blocked).reasons())
                .first()
                .asString()
                .matches(
                        "On a a handler that blocks holds every connection of its loop: (39|40).* the p99 latency at 70 % of b.");
        assertThat(Analysis.of(free).reasons()).noneMatch(reason -> reason.contains("blocks"));
    }

    @Test
    void fewCpus_areRankingOnly() {
        Comparison comparison = planted(speeds(Map.of()), "a", "b");
        assertThat(Analysis.of(comparison).isRankingOnly()).isFalse();

        Conditions old = comparison.conditions();
        Conditions few = new Conditions(
                old.started(), old.cpu(), 3, old.memory(), old.kernel(), old.jdk(), old.jvmOptions(), old.thrum());
        assertThat(Analysis.of(Comparison.of(comparison.setup(), few, comparison.arms()))
                        .isRankingOnly())
                .isTrue();
    }

    @Test
    void nothingMeasured_isBlocked() {
        Comparison comparison = planted(speeds(Map.of()), "a", "b");
        Analysis analysis = Analysis.of(Comparison.of(comparison.setup(), comparison.conditions(), comparison.arms()));

        assertThat(analysis.recommendation().kind()).isEqualTo(Kind.BLOCKED);
        assertThat(analysis.verdicts()).isEmpty();
    }

    @Test
    void loadsWithoutVerdicts_andASingleArm_areBlocked() {
        LoadPoint shown = new LoadPoint("saturation", 0, 64, false);
        Analysis unjudged = Analysis.of(
                new Planted(1, 8, List.of(shown), "a", "b").comparison(Planted.faster(2), Planted.normal(0.01)));
        Analysis single =
                Analysis.of(new Planted(1, 8, POINTS, "a").comparison(Planted.faster(2), Planted.normal(0.01)));

        assertThat(unjudged.recommendation().headline())
                .isEqualTo("No recommendation: nothing was measured that arms could be compared by.");
        assertThat(single.recommendation().headline())
                .isEqualTo("No recommendation: there are no two arms to compare.");
    }

    @Test
    void theClassicTable_explainsItself() {
        ClassicTable table = new ClassicTable(
                1,
                List.of(1.0, 1.5, 2.0, 2.5, 3.0),
                List.of(
                        new ClassicTable.Row(Way.IN_TURN, List.of(10.01)),
                        new ClassicTable.Row(Way.POOL, List.of(5.0)),
                        new ClassicTable.Row(Way.VIRTUAL, List.of(3.01)),
                        new ClassicTable.Row(Way.BLOCKED_LOOP, List.of(10.02))));

        assertThat(table.sentence())
                .isEqualTo(
                        "The tasks only wait: where waits overlap (on virtual threads) all take as long as the longest one"
                                + " (3.0 s), and where a waiting task holds the only thread (one after the other, on an event loop that"
                                + " the tasks block) they take the sum of all (10.0 s); between the two: on a pool of threads.");
    }
}
