package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.Holm;
import dev.thrum.measure.statistics.Interval;
import dev.thrum.measure.statistics.RatioTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Why one arm is better than another one: what the accounts of their costs say, if the rounds support it. */
final class Accounts {
    /** Which figures explain something, in the order in which they are printed. */
    private static final List<Figure> COSTS = List.of(
            Figure.CPU_PER_REQUEST, Figure.CONTEXT_SWITCHES, Figure.GC_PAUSES, Figure.MEMORY, Figure.IDLE_CONNECTION);

    /** From this part of the latency on, the delay of a loop explains it. */
    private static final double EXPLAINS = 0.25;

    private final Comparison comparison;
    private final GoodRounds rounds;
    private final List<PairVerdict> verdicts;
    private final Recommendation recommendation;
    private final List<CostRatio> costs;

    Accounts(Comparison comparison, GoodRounds rounds, List<PairVerdict> verdicts, Recommendation recommendation) {
        this.comparison = comparison;
        this.rounds = rounds;
        this.verdicts = verdicts;
        this.recommendation = recommendation;
        this.costs = measured();
    }

    /** The ratios of all costs of all pairs. */
    List<CostRatio> costs() {
        return costs;
    }

    /** A sentence for each difference that the rounds support: of what is recommended, or of all arms with a verdict. */
    List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        for (Arm arm : comparison.contenders()) {
            for (Arm other : comparison.contenders()) {
                if (isBetter(arm.name(), other.name())) {
                    blocked(arm.name(), other.name()).ifPresent(reasons::add);
                    savings(arm.name(), other.name()).ifPresent(reasons::add);
                }
            }
        }
        return List.copyOf(reasons);
    }

    private boolean isBetter(String arm, String other) {
        boolean isMeant =
                recommendation.arms().isEmpty() || recommendation.arms().contains(arm);
        return isMeant
                && !arm.equals(other)
                && verdicts.stream()
                        .filter(verdict -> verdict.isOf(arm, other))
                        .anyMatch(verdict -> verdict.outcomeOf(arm) == Outcome.BETTER);
    }

    private List<CostRatio> measured() {
        Optional<LoadPoint> point = Criterion.forCosts(comparison);
        List<CostRatio> all = new ArrayList<>();
        List<Arm> arms = comparison.contenders();
        for (int first = 0; point.isPresent() && first < arms.size(); first++) {
            for (Arm other : arms.subList(first + 1, arms.size())) {
                for (Figure figure : COSTS) {
                    String arm = arms.get(first).name();
                    test(arm, other.name(), new Criterion(figure, point.get()))
                            .map(test -> new CostRatio(arm, other.name(), figure, test.interval(), test.differs()))
                            .ifPresent(all::add);
                }
            }
        }
        List<Double> corrected =
                Holm.corrected(all.stream().map(CostRatio::probability).toList());
        return IntStream.range(0, all.size())
                .mapToObj(i -> all.get(i).with(corrected.get(i)))
                .toList();
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
    private Optional<String> savings(String arm, String other) {
        List<String> parts = costs.stream()
                .map(cost -> cost.arm().equals(other) ? cost.reversed() : cost)
                .filter(cost -> cost.arm().equals(arm) && cost.other().equals(other))
                .filter(cost -> cost.isSupported() && cost.ratio().high() < 1)
                .map(Accounts::part)
                .toList();
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(arm + " saves, against " + other + ", " + String.join(", ", parts) + ".");
    }

    private static String part(CostRatio cost) {
        String saved = RatioText.saving(cost.ratio().estimate());
        return switch (cost.figure()) {
            case CPU_PER_REQUEST -> saved + " of the CPU per request";
            case CONTEXT_SWITCHES -> saved + " of the context switches (fewer hand-offs between threads)";
            default -> saved + " of the " + cost.figure().title();
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
                        + RatioText.factor(verdict.intervalOf(other).estimate()) + " × the "
                        + verdict.criterion().title() + " of " + arm + ".");
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
