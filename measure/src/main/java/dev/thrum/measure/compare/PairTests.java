package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.Exchangeability;
import dev.thrum.measure.statistics.Holm;
import dev.thrum.measure.statistics.RatioTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Verdicts on pairs of arms, each from their ratios by round. */
final class PairTests {
    private PairTests() {}

    /** A pair without a verdict yet; its note says so if there are too few rounds for one. */
    static PairVerdict untested(GoodRounds rounds, String arm, String other, Criterion criterion) {
        List<PairVerdict.RoundRatio> ratios = rounds.ratios(arm, other, criterion);
        @Nullable
        RatioTest test = ratios.size() < 2
                ? null
                : RatioTest.paired(
                        ratios.stream().map(PairVerdict.RoundRatio::ratio).toList(), Analysis.BAND);
        String why = ratios.size() >= Analysis.LEAST_ROUNDS
                ? ""
                : "only " + ratios.size() + " rounds count, where " + Analysis.LEAST_ROUNDS + " are needed"
                        + rounds.invalid(criterion).map(reason -> "; " + reason).orElse("");
        return new PairVerdict(arm, other, criterion, ratios, test, Outcome.CANNOT_TELL, why);
    }

    /** The same with verdicts. All pairs that have enough rounds are one family. */
    static List<PairVerdict> judged(List<PairVerdict> pairs) {
        List<PairVerdict> family = pairs.stream().filter(PairTests::isTestable).toList();
        List<Judgement> judgements = Judgement.family(
                family.stream().map(PairTests::test).toList(),
                family.stream().map(pair -> pair.criterion().figure()).toList());
        List<PairVerdict> judged = new ArrayList<>();
        for (PairVerdict pair : pairs) {
            int index = family.indexOf(pair);
            judged.add(
                    index < 0
                            ? pair
                            : pair.with(
                                    judgements.get(index).outcome(),
                                    judgements.get(index).note()));
        }
        return List.copyOf(judged);
    }

    private static boolean isTestable(PairVerdict pair) {
        return pair.ratios().size() >= Analysis.LEAST_ROUNDS;
    }

    private static RatioTest test(PairVerdict pair) {
        return Objects.requireNonNull(pair.test());
    }

    /**
     * The pairs whose ratios seem to depend on when they were measured.
     *
     * @param isCorrected whether all pairs are one family; otherwise each is suspected with a probability of 5 % if it doesn't
     */
    static List<PairVerdict> drifting(List<PairVerdict> pairs, boolean isCorrected) {
        List<PairVerdict> testable = pairs.stream()
                .filter(PairTests::isTestable)
                .filter(pair -> !test(pair).isConstant())
                .toList();
        List<Double> each = testable.stream()
                .map(pair -> Exchangeability.probability(pair.values()))
                .toList();
        List<Double> probabilities = isCorrected ? Holm.corrected(each) : each;
        List<PairVerdict> drifting = new ArrayList<>();
        for (int i = 0; i < testable.size(); i++) {
            if (probabilities.get(i) <= Judgement.LEVEL) {
                drifting.add(testable.get(i));
            }
        }
        return drifting;
    }
}
