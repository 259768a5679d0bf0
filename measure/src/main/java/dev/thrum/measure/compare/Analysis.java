package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.Band;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The verdicts on a comparison. The unit that is repeated is the round, so each verdict is on the ratios of two arms by round:
 * {@link PairVerdict}. Immutable.
 */
public final class Analysis {
    /** A difference of at most this share counts as none. */
    public static final Band BAND = new Band(0.03);

    /** With fewer rounds there is no verdict. */
    public static final int LEAST_ROUNDS = 4;

    /** With fewer CPUs, generator and servers take each other's time, so that no absolute figure can be promised. */
    private static final int LEAST_CPUS = 4;

    private final Comparison comparison;
    private final List<Criterion> criteria;
    private final GoodRounds rounds;
    private final List<PairVerdict> verdicts;
    private final List<PairVerdict> controls;
    private final List<String> blockers;
    private final Recommendation recommendation;
    private final Accounts accounts;

    private Analysis(Comparison comparison) {
        this.comparison = comparison;
        criteria = Criterion.of(comparison);
        rounds = new GoodRounds(comparison, criteria);
        List<PairVerdict> pairs = pairs();
        List<PairVerdict> copies = copies();
        List<PairVerdict> all = new ArrayList<>(pairs);
        all.addAll(copies);
        controls = PairTests.judged(copies);
        List<String> faults = faults();
        blockers = new ArrayList<>(faults);
        PairTests.drifting(all, true)
                .forEach(pair -> blockers.add("the ratio of " + pair.arm() + " to " + pair.other() + " in "
                        + pair.criterion().title() + " has a trend or a step: it depends on when it was measured"));
        // A verdict of its own falls on a mere suspicion; all of them fall only if it holds for one of so many.
        List<PairVerdict> suspected = PairTests.drifting(pairs, false);
        List<PairVerdict> judged = PairTests.judged(pairs).stream()
                .map(pair -> faults.isEmpty() ? pair : pair.with(Outcome.CANNOT_TELL, faults.getFirst()))
                .map(pair -> isAmong(suspected, pair)
                        ? pair.with(Outcome.CANNOT_TELL, "the ratios seem to have a trend or a step")
                        : pair)
                .toList();
        recommendation = new Answer(comparison, judged, blockers).recommendation();
        verdicts = sorted(judged, recommendation.arms());
        accounts = new Accounts(comparison, rounds, verdicts, recommendation);
    }

    public static Analysis of(Comparison comparison) {
        return new Analysis(comparison);
    }

    private static boolean isAmong(List<PairVerdict> pairs, PairVerdict pair) {
        return pairs.stream()
                .anyMatch(each ->
                        each.isOf(pair.arm(), pair.other()) && each.criterion().equals(pair.criterion()));
    }

    /** The pairs with the better arm first, and those with a recommended arm before the others. */
    private static List<PairVerdict> sorted(List<PairVerdict> pairs, List<String> recommended) {
        List<PairVerdict> sorted = pairs.stream()
                .map(pair -> isBehind(pair, pairs) ? pair.reversed() : pair)
                .collect(Collectors.toCollection(ArrayList::new));
        sorted.sort(Comparator.comparing(pair -> !recommended.contains(pair.arm())));
        return List.copyOf(sorted);
    }

    /** Whether the first arm of a pair is worse more often than better. */
    private static boolean isBehind(PairVerdict pair, List<PairVerdict> pairs) {
        int lead = 0;
        for (PairVerdict each : pairs) {
            if (each.isOf(pair.arm(), pair.other())) {
                lead += each.outcome() == Outcome.BETTER ? 1 : each.outcome() == Outcome.WORSE ? -1 : 0;
            }
        }
        return lead < 0;
    }

    private List<PairVerdict> pairs() {
        List<Arm> arms = comparison.contenders();
        List<PairVerdict> pairs = new ArrayList<>();
        for (int first = 0; first < arms.size(); first++) {
            for (Arm other : arms.subList(first + 1, arms.size())) {
                String arm = arms.get(first).name();
                criteria.forEach(criterion -> pairs.add(PairTests.untested(rounds, arm, other.name(), criterion)));
            }
        }
        return pairs;
    }

    private List<PairVerdict> copies() {
        return comparison.copy().stream()
                .flatMap(copy -> criteria.stream()
                        .map(criterion -> PairTests.untested(
                                rounds,
                                copy.name(),
                                Optional.ofNullable(copy.copyOf()).orElseThrow(),
                                criterion)))
                .toList();
    }

    /** What makes all figures doubtful. */
    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (comparison.contenders().size() < 2) {
            faults.add("there are no two arms to compare");
        }
        if (!comparison.rounds().isEmpty() && criteria.isEmpty()) {
            faults.add("nothing was measured that arms could be compared by");
        }
        int good = rounds.indexes().size();
        if (good < LEAST_ROUNDS) {
            faults.add("only " + good + " of " + comparison.rounds().size()
                    + " rounds are complete and without a failure, where " + LEAST_ROUNDS + " are needed");
        }
        if (comparison.copy().isEmpty()) {
            faults.add("there is no second copy of an arm (A/A), so nothing shows that equal arms measure equal");
        }
        controls.stream()
                .filter(PairVerdict::isDifferent)
                .findFirst()
                .ifPresent(pair -> faults.add("the two copies of " + pair.other() + " differ (A/A) in "
                        + pair.criterion().title() + ": "
                        + Optional.ofNullable(pair.test())
                                .map(test -> RatioText.of(test.interval()))
                                .orElseThrow()));
        return faults;
    }

    public Comparison comparison() {
        return comparison;
    }

    /** What the arms are compared by. */
    public List<Criterion> criteria() {
        return criteria;
    }

    /** The indexes of the rounds that count. */
    public List<Integer> goodRounds() {
        return rounds.indexes();
    }

    /** Why the other rounds were left out, by their index. */
    public SortedMap<Integer, String> leftOut() {
        return rounds.leftOut();
    }

    /** The figures of an arm in the rounds that count. */
    public List<Double> values(String arm, Criterion criterion) {
        return rounds.values(arm, criterion);
    }

    /** All that was measured of an arm and is valid, also in rounds that don't count: for showing, not for verdicts. */
    public List<Double> shown(String arm, Criterion criterion) {
        return rounds.shown(arm, criterion);
    }

    /** All pairs of arms in all criteria; copies are in {@link #controls}. */
    public List<PairVerdict> verdicts() {
        return verdicts;
    }

    /** The second copy of an arm against the arm itself, in all criteria: any difference is a fault of the measurement. */
    public List<PairVerdict> controls() {
        return controls;
    }

    /** Why nothing is recommended, whatever the figures are; none if something can be. */
    public List<String> blockers() {
        return List.copyOf(blockers);
    }

    public Recommendation recommendation() {
        return recommendation;
    }

    /** Why arms are better or worse, a sentence each, as far as the accounts support it. */
    public List<String> reasons() {
        return accounts.reasons();
    }

    /** The ratios of all costs of all pairs of arms, in the order of the verdicts. */
    public List<CostRatio> costs() {
        return accounts.costs().stream()
                .map(cost -> isInOrder(cost.arm(), cost.other()) ? cost : cost.reversed())
                .toList();
    }

    private boolean isInOrder(String arm, String other) {
        return verdicts.stream()
                .noneMatch(verdict ->
                        verdict.arm().equals(other) && verdict.other().equals(arm));
    }

    /** Whether two arms differ in any criterion. */
    public boolean isDifferent(String arm, String other) {
        return verdicts.stream().anyMatch(verdict -> verdict.isOf(arm, other) && verdict.isDifferent());
    }

    /** Whether the machine is too small for a promise about absolute figures. */
    public boolean isRankingOnly() {
        return comparison.conditions().cpus() < LEAST_CPUS;
    }

    /** The recommendation and the outcomes, for comparing two comparisons. */
    @Override
    public String toString() {
        return recommendation.kind() + " " + recommendation.arms() + " "
                + verdicts.stream()
                        .map(verdict -> verdict.arm() + "/" + verdict.other() + " "
                                + verdict.criterion().title() + ": " + verdict.outcome())
                        .collect(Collectors.joining(", "));
    }
}
