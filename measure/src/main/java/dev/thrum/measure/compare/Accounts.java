package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.Holm;
import dev.thrum.measure.statistics.Interval;
import dev.thrum.measure.statistics.RatioTest;
import dev.thrum.measure.statistics.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why one arm is better than another one: what the accounts of their costs say, if the rounds support it. */
final class Accounts {
    private static final double LEVEL = 0.05;

    /** Which figures explain something, in the order in which they are printed. */
    private static final List<Figure> COSTS = List.of(
            Figure.CPU_PER_REQUEST,
            Figure.CONTEXT_SWITCHES,
            Figure.GC_PAUSES,
            Figure.MEMORY,
            Figure.IDLE_CONNECTION);

    /** From this part of the latency on, the delay of a loop explains it. */
    private static final double EXPLAINS = 0.25;

    private final Comparison comparison;
    private final GoodRounds rounds;
    private final List<PairVerdict> verdicts;

    Accounts(Comparison comparison, GoodRounds rounds, List<PairVerdict> verdicts) {
        this.comparison = comparison;
        this.rounds = rounds;
        this.verdicts = verdicts;
    }

    /** The ratio of a cost of two arms. */
    private record Cost(String arm, String other, Figure figure, Interval ratio, double probability) {
        boolean isSupported() {
            return Analysis.BAND.relation(ratio) != Relation.SAME
                    && Analysis.BAND.relation(ratio) != Relation.UNDECIDED
                    && probability <= LEVEL;
        }

        Cost reversed() {
            return new Cost(other, arm, figure, ratio.reciprocal(), probability);
        }
    }

    /** A sentence for each difference that the rounds support, of arms with a verdict. */
    List<String> reasons() {
        List<Cost> costs = costs();
        List<String> reasons = new ArrayList<>();
        for (Arm arm : comparison.contenders()) {
            for (Arm other : comparison.contenders()) {
                if (isBetter(arm.name(), other.name())) {
                    blocked(arm.name(), other.name()).ifPresent(reasons::add);
                    savings(arm.name(), other.name(), costs).ifPresent(reasons::add);
                }
            }
        }
        return List.copyOf(reasons);
    }

    private boolean isBetter(String arm, String other) {
        return !arm.equals(other)
                && verdicts.stream()
                        .filter(verdict -> verdict.isOf(arm, other))
                        .anyMatch(verdict -> verdict.outcomeOf(arm) == Outcome.BETTER);
    }

    /** All costs of all pairs, corrected together. */
    private List<Cost> costs() {
        Optional<LoadPoint> point = Criterion.forCosts(comparison);
        List<Cost> costs = new ArrayList<>();
        List<Arm> arms = comparison.contenders();
        for (int first = 0; point.isPresent() && first < arms.size(); first++) {
            for (Arm other : arms.subList(first + 1, arms.size())) {
                for (Figure figure : COSTS) {
                    cost(arms.get(first).name(), other.name(), new Criterion(figure, point.get()))
                            .ifPresent(costs::add);
                }
            }
        }
        List<Double> corrected =
                Holm.corrected(costs.stream().map(Cost::probability).toList());
        List<Cost> all = new ArrayList<>();
        for (int i = 0; i < costs.size(); i++) {
            Cost cost = costs.get(i);
            all.add(new Cost(cost.arm, cost.other, cost.figure, cost.ratio, corrected.get(i)));
        }
        return all;
    }

    private Optional<Cost> cost(String arm, String other, Criterion criterion) {
        return test(arm, other, criterion)
                .map(test -> new Cost(arm, other, criterion.figure(), test.interval(), test.differs()));
    }

    private Optional<RatioTest> test(String arm, String other, Criterion criterion) {
        List<Double> ratios = rounds.ratios(arm, other, criterion).stream()
                .map(PairVerdict.RoundRatio::ratio)
                .toList();
        return ratios.size() < Analysis.LEAST_ROUNDS
                ? Optional.empty()
                : Optional.of(RatioTest.paired(ratios, Analysis.BAND)).filter(test -> !test.isConstant());
    }

    /** What an arm saves. */
    private Optional<String> savings(String arm, String other, List<Cost> costs) {
        List<Cost> lower = costs.stream()
                .map(cost -> cost.arm.equals(other) ? cost.reversed() : cost)
                .filter(cost -> cost.arm.equals(arm) && cost.other.equals(other))
                .filter(Cost::isSupported)
                .filter(cost -> cost.ratio.high() < 1)
                .toList();
        List<String> parts = lower.stream().map(Accounts::part).toList();
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(arm + ", compared with " + other + ", saves " + String.join("; ", parts) + ".");
    }

    private static String part(Cost cost) {
        String saved = RatioText.saving(cost.ratio);
        return switch (cost.figure) {
            case CPU_PER_REQUEST -> saved + " of the CPU time per request";
            case CONTEXT_SWITCHES -> saved + " of the context switches: fewer hand-offs between threads";
            case GC_PAUSES -> saved + " of the garbage collection pauses";
            case MEMORY -> saved + " of the memory";
            default -> saved + " of the " + cost.figure.title();
        };
    }

    /** Whether the other arm's loops were held up for long enough to explain its latency. */
    private Optional<String> blocked(String arm, String other) {
        return verdicts.stream()
                .filter(verdict -> verdict.isOf(arm, other) && verdict.outcomeOf(arm) == Outcome.BETTER)
                .filter(verdict -> !verdict.criterion().point().isClosed()
                        && verdict.criterion().figure() != Figure.CPU_PER_REQUEST)
                .filter(verdict -> isExplainedByLag(other, verdict.criterion()))
                .findFirst()
                .map(verdict -> "On " + other + " a handler that blocks holds every connection of its loop: "
                        + RatioText.of(verdict.intervalOf(other)) + " the " + verdict.criterion().title() + " of " + arm + ".");
    }

    private boolean isExplainedByLag(String arm, Criterion latency) {
        List<Double> lags = rounds.values(arm, new Criterion(Figure.LOOP_LAG, latency.point()));
        List<Double> latencies = rounds.values(arm, latency);
        if (lags.size() < Analysis.LEAST_ROUNDS || lags.size() != latencies.size()) {
            return false;
        }
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < lags.size(); i++) {
            shares.add(lags.get(i) / latencies.get(i));
        }
        return Interval.of(shares).low() >= EXPLAINS;
    }
}
