package dev.thrum.measure.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.measure.compare.Planted.Effect;
import dev.thrum.measure.compare.Planted.Noise;
import dev.thrum.measure.compare.Recommendation.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How often verdicts on data with a known truth are false. Seeds are fixed, so the counts are always the same: the bound of 5 % is
 * compared with the count itself.
 */
final class PlantedVerdictsTest {
    private static final int EXPERIMENTS = 1_000;
    private static final int MOST_FALSE = 50;
    private static final int QUICK = 5;
    private static final int FULL = 15;

    private static final Set<Outcome> ANY = Set.of(Outcome.BETTER, Outcome.WORSE, Outcome.SAME);
    private static final Set<Outcome> DIFFERENT = Set.of(Outcome.BETTER, Outcome.WORSE);
    private static final Set<Outcome> NOT_BETTER = Set.of(Outcome.WORSE, Outcome.SAME);

    private static final Noise USUAL = Planted.normal(0.02);

    /** One process in ten is disturbed, and a third as fast. */
    private static final Noise OUTLIERS = random -> USUAL.next(random) * (random.nextInt(10) == 0 ? 1 / 3.0 : 1);

    /** Each process is in one of two states for as long as it lives. */
    private static final Noise BIMODAL = random -> USUAL.next(random) * (random.nextBoolean() ? 0.85 : 1);

    /** Student's t with two degrees of freedom has no variance. */
    private static final Noise HEAVY =
            random -> Math.exp(0.02 * random.nextGaussian() / Math.sqrt(-Math.log(1 - random.nextDouble())));

    private static final Noise NONE = _ -> 1;

    private static Effect drifting(double factor) {
        return (arm, round) -> Planted.faster(factor).of(arm, round) * Math.exp(-0.04 * round);
    }

    private static Effect step(double before, double after, int rounds) {
        return (arm, round) -> arm.equals("b") ? round < rounds / 2 ? before : after : 1;
    }

    /**
     * The kinds of data, with the verdicts that are false. At +2 % only "worse" is: "better" is true, and so is "same", which means
     * within 3 %. No verdict is true after a step, or if the copies differ.
     */
    private static Stream<Arguments> kinds() {
        return Stream.of(QUICK, FULL)
                .flatMap(rounds -> Stream.of(
                        Arguments.of("+10 %", rounds, Planted.faster(1.10), USUAL, NOT_BETTER),
                        Arguments.of("+2 %", rounds, Planted.faster(1.02), USUAL, Set.of(Outcome.WORSE)),
                        Arguments.of("+4 %, beyond the band", rounds, Planted.faster(1.04), USUAL, NOT_BETTER),
                        Arguments.of("0 %", rounds, Planted.faster(1), USUAL, DIFFERENT),
                        Arguments.of("0 %, little noise", rounds, Planted.faster(1), Planted.normal(0.005), DIFFERENT),
                        Arguments.of("common drift, +10 %", rounds, drifting(1.10), USUAL, NOT_BETTER),
                        Arguments.of("common drift, 0 %", rounds, drifting(1), USUAL, DIFFERENT),
                        Arguments.of("a step from 0 to +20 %", rounds, step(1, 1.2, rounds), USUAL, ANY),
                        Arguments.of("a step from +10 to -10 %", rounds, step(1.1, 0.9, rounds), USUAL, ANY),
                        Arguments.of("bimodal, 0 %", rounds, Planted.faster(1), BIMODAL, DIFFERENT),
                        Arguments.of("bimodal, +10 %", rounds, Planted.faster(1.10), BIMODAL, NOT_BETTER),
                        Arguments.of("outliers, 0 %", rounds, Planted.faster(1), OUTLIERS, DIFFERENT),
                        Arguments.of("outliers, +10 %", rounds, Planted.faster(1.10), OUTLIERS, NOT_BETTER),
                        Arguments.of("heavy tails, 0 %", rounds, Planted.faster(1), HEAVY, DIFFERENT),
                        Arguments.of("heavy tails, +10 %", rounds, Planted.faster(1.10), HEAVY, NOT_BETTER),
                        Arguments.of("A/A differs", rounds, copyDiffers(), USUAL, ANY),
                        Arguments.of("no variance, +10 %", rounds, Planted.faster(1.10), NONE, NOT_BETTER),
                        Arguments.of("no variance, 0 %", rounds, Planted.faster(1), NONE, DIFFERENT)));
    }

    private static Effect copyDiffers() {
        return (arm, _) -> arm.equals("a again") ? 1.08 : 1;
    }

    @ParameterizedTest(name = "{0}, {1} rounds")
    @MethodSource("kinds")
    void verdicts_areFalseInAtMostOneOfTwenty(String kind, int rounds, Effect effect, Noise noise, Set<Outcome> wrong) {
        Map<Outcome, Integer> counts = new TreeMap<>();
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            Comparison comparison = new Planted(experiment, rounds).comparison(effect, noise);
            counts.merge(Planted.outcome(comparison), 1, Integer::sum);
        }
        System.out.println(kind + ", " + rounds + " rounds: " + counts);

        assertThat(wrong.stream()
                        .mapToInt(outcome -> counts.getOrDefault(outcome, 0))
                        .sum())
                .as("%s, %d rounds: %s", kind, rounds, counts)
                .isLessThanOrEqualTo(MOST_FALSE);
    }

    /** With four loads and three arms there are 15 verdicts; it is false if any of them is, or the recommendation. */
    @ParameterizedTest
    @ValueSource(ints = {QUICK, FULL})
    void allVerdictsOfAComparison_areTrueInNineteenOfTwenty(int rounds) {
        List<LoadPoint> points = List.of(
                Planted.SATURATION,
                new LoadPoint("50 %", 500, 64, true),
                new LoadPoint("70 %", 700, 64, true),
                new LoadPoint("90 %", 900, 64, true));
        int wrong = 0;
        int right = 0;
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            Comparison comparison =
                    new Planted(experiment, rounds, points, "a", "c", "b").comparison(Planted.faster(1.10), USUAL);
            Analysis analysis = Analysis.of(comparison);
            boolean isWrong = analysis.verdicts().stream()
                    .anyMatch(verdict -> verdict.isOf("a", "c")
                            ? verdict.isDifferent()
                            : NOT_BETTER.contains(verdict.outcomeOf("b")));
            Recommendation answer = analysis.recommendation();
            boolean isMisled = !answer.arms().isEmpty() && !answer.arms().equals(List.of("b"));
            wrong += isWrong || isMisled ? 1 : 0;
            right += answer.arms().equals(List.of("b")) ? 1 : 0;
        }
        System.out.println("15 verdicts, " + rounds + " rounds: " + wrong + " with a false one, " + right
                + " with the right recommendation");

        assertThat(wrong).isLessThanOrEqualTo(MOST_FALSE);
        assertThat(right).isGreaterThan(rounds == FULL ? 900 : 300);
    }

    /** The power: how often a difference that is there is found. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.02, 0.03})
    void differences_areFoundMoreOften_withMoreRounds(double deviation) {
        for (double effect : List.of(1.05, 1.10)) {
            int quick = found(effect, deviation, QUICK);
            int full = found(effect, deviation, FULL);
            System.out.printf(
                    "power for +%.0f %%, deviation of a cell %.0f %%: %.1f %% of 5 rounds, %.1f %% of 15%n",
                    100 * (effect - 1), 100 * deviation, quick / 10.0, full / 10.0);
            assertThat(full).isGreaterThanOrEqualTo(quick);
        }
        assertThat(found(1.10, deviation, FULL)).as("+10 %, 15 rounds").isGreaterThan(900);
    }

    private static int found(double effect, double deviation, int rounds) {
        int found = 0;
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            Comparison comparison =
                    new Planted(experiment, rounds).comparison(Planted.faster(effect), Planted.normal(deviation));
            found += Planted.outcome(comparison) == Outcome.BETTER ? 1 : 0;
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void fewRounds_giveNoVerdict(int rounds) {
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            Analysis analysis = Analysis.of(new Planted(experiment, rounds).comparison(Planted.faster(2), USUAL));

            assertThat(analysis.verdicts()).allMatch(verdict -> verdict.outcome() == Outcome.CANNOT_TELL);
            assertThat(analysis.recommendation().kind()).isEqualTo(Kind.BLOCKED);
        }
    }

    /** A cell without a figure, with a zero, and one that failed: the round is left out, and the truth stays the same. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "zero", "dead"})
    void badCells_takeTheirRoundWithThem_andDoNotMislead(String fault) {
        int wrong = 0;
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            Cell bad = switch (fault) {
                case "missing" -> Planted.cell("b", -1);
                case "zero" -> Planted.cell("b", 0);
                default -> Cell.failed("b", "the server ended with status 1");
            };
            Comparison comparison =
                    Planted.with(new Planted(experiment, 6).comparison(Planted.faster(1), USUAL), experiment % 6, bad);
            Analysis analysis = Analysis.of(comparison);
            assertThat(analysis.leftOut()).containsOnlyKeys(experiment % 6);
            wrong += analysis.isDifferent("a", "b") ? 1 : 0;
        }
        assertThat(wrong).isLessThanOrEqualTo(MOST_FALSE);
    }

    @Test
    void anArmThatDied_leavesNoRound_andNothingIsRecommended() {
        Comparison comparison = new Planted(1, FULL).comparison(Planted.faster(1.5), USUAL);
        for (int round = 3; round < FULL; round++) {
            comparison = Planted.with(comparison, round, Cell.failed("b", "out of memory"));
        }
        Analysis analysis = Analysis.of(comparison);

        assertThat(analysis.recommendation().kind()).isEqualTo(Kind.BLOCKED);
        assertThat(analysis.recommendation().headline())
                .contains("only 3 of 15 rounds are complete and without a failure, where 4 are needed");
        assertThat(analysis.leftOut()).hasSize(12).containsEntry(3, "b failed: out of memory");
    }

    @Test
    void trends_areFound_andBlock() {
        int found = 0;
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            Comparison comparison = new Planted(experiment, FULL)
                    .comparison((arm, round) -> arm.equals("b") ? Math.exp(0.01 * round) : 1, USUAL);
            Analysis analysis = Analysis.of(comparison);
            found += analysis.blockers().stream().anyMatch(why -> why.contains("trend")) ? 1 : 0;
        }
        assertThat(found).isGreaterThan(800);
    }
}
