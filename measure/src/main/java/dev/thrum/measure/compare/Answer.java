package dev.thrum.measure.compare;

import dev.thrum.measure.compare.Recommendation.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What follows from the verdicts. */
final class Answer {
    /** More verdicts with the same reason are only counted. */
    private static final int MOST_NAMES = 3;

    private final List<String> arms;
    private final List<PairVerdict> verdicts;
    private final List<String> blockers;

    Answer(Comparison comparison, List<PairVerdict> verdicts, List<String> blockers) {
        this.arms = comparison.contenders().stream().map(Arm::name).toList();
        this.verdicts = verdicts;
        this.blockers = blockers;
    }

    Recommendation recommendation() {
        if (!blockers.isEmpty()) {
            return new Recommendation(
                    Kind.BLOCKED, List.of(), "No recommendation: " + blockers.getFirst() + ".", blockers);
        }
        List<String> best = arms.stream()
                .filter(arm -> others(arm).allMatch(other -> beats(arm, other)))
                .toList();
        if (best.size() == 1) {
            return one(best.getFirst());
        }
        List<String> left = unbeaten();
        List<String> beaten = arms.stream().filter(arm -> !left.contains(arm)).toList();
        boolean isSame = pairs(left).allMatch(verdict -> verdict.outcome() == Outcome.SAME)
                && left.stream().allMatch(arm -> beaten.stream().allMatch(other -> beats(arm, other)));
        if (isSame) {
            return noDifference(left, beaten);
        }
        List<String> winners = left.stream()
                .filter(arm -> left.stream().anyMatch(other -> isBetterInSomething(arm, other)))
                .toList();
        return winners.size() > 1 ? tradeOff(winners) : cannotTell(left, beaten);
    }

    /** The arms that can't be ruled out, at least two. */
    private List<String> unbeaten() {
        List<String> unbeaten = arms.stream()
                .filter(arm -> others(arm).noneMatch(rival -> beats(rival, arm)))
                .toList();
        // Each verdict is on two arms only, so there may be a circle.
        if (unbeaten.isEmpty()) {
            return arms;
        }
        // What it hasn't beaten itself isn't ruled out, even if another arm has beaten that.
        String first = unbeaten.getFirst();
        return unbeaten.size() > 1
                ? unbeaten
                : arms.stream()
                        .filter(arm -> arm.equals(first) || !beats(first, arm))
                        .toList();
    }

    private boolean isBetterInSomething(String arm, String other) {
        return between(arm, other).anyMatch(verdict -> verdict.outcomeOf(arm) == Outcome.BETTER);
    }

    private Stream<String> others(String arm) {
        return arms.stream().filter(other -> !other.equals(arm));
    }

    private Stream<PairVerdict> between(String arm, String other) {
        return verdicts.stream().filter(verdict -> verdict.isOf(arm, other));
    }

    private Stream<PairVerdict> pairs(List<String> among) {
        return verdicts.stream().filter(verdict -> among.contains(verdict.arm()) && among.contains(verdict.other()));
    }

    /**
     * Whether an arm is better than another one in something, and worse in nothing: not even by an interval that gave no
     * verdict for another reason, because what speaks against an answer needs less proof than the answer.
     */
    private boolean beats(String arm, String other) {
        return isBetterInSomething(arm, other) && between(arm, other).noneMatch(verdict -> verdict.seemsWorse(arm));
    }

    private Recommendation one(String arm) {
        List<String> details =
                others(arm).map(other -> evidence(arm, other) + ".").toList();
        return new Recommendation(Kind.ONE, List.of(arm), "Use " + arm + ".", details);
    }

    private Recommendation noDifference(List<String> unbeaten, List<String> beaten) {
        List<String> details = new ArrayList<>();
        details.add("All figures of " + and(unbeaten) + " are within " + percent() + " of each other.");
        beaten.forEach(other -> unbeaten.forEach(arm -> details.add(evidence(arm, other) + ".")));
        return new Recommendation(
                Kind.NO_DIFFERENCE, unbeaten, "It makes no difference: " + or(unbeaten) + ".", details);
    }

    private Recommendation tradeOff(List<String> winners) {
        List<String> details = new ArrayList<>();
        for (String arm : winners) {
            winners.stream()
                    .filter(other -> isBetterInSomething(arm, other))
                    .forEach(other -> details.add(evidence(arm, other) + "."));
        }
        return new Recommendation(
                Kind.TRADE_OFF,
                List.of(),
                "It depends on what matters: " + and(winners) + " are each better in something.",
                details);
    }

    private Recommendation cannotTell(List<String> left, List<String> beaten) {
        List<String> details = new ArrayList<>();
        for (String other : beaten) {
            arms.stream()
                    .filter(arm -> beats(arm, other))
                    .forEach(arm -> details.add("Not " + other + ": " + evidence(arm, other) + "."));
        }
        Map<String, List<String>> open = new LinkedHashMap<>();
        pairs(left)
                .filter(verdict -> verdict.outcome() == Outcome.CANNOT_TELL)
                .forEach(verdict -> open.computeIfAbsent(verdict.note(), _ -> new ArrayList<>())
                        .add(verdict.arm() + " against " + verdict.other() + " in "
                                + verdict.criterion().title()));
        open.forEach((why, names) ->
                details.add((names.size() <= MOST_NAMES ? String.join(", ", names) : names.size() + " verdicts") + ": "
                        + why + "."));
        String headline = beaten.isEmpty()
                ? "Cannot tell: the figures don't decide between " + and(left) + "."
                : "Cannot tell between " + and(left) + ", but not " + or(beaten) + ".";
        return new Recommendation(Kind.CANNOT_TELL, List.of(), headline, details);
    }

    /** What an arm is better in than another one: the range of each figure over all loads. */
    private String evidence(String arm, String other) {
        Map<Figure, List<Double>> ratios = new LinkedHashMap<>();
        between(arm, other)
                .filter(verdict -> verdict.outcomeOf(arm) == Outcome.BETTER)
                .forEach(verdict -> ratios.computeIfAbsent(verdict.criterion().figure(), _ -> new ArrayList<>())
                        .add(verdict.intervalOf(arm).estimate()));
        return arm + " against " + other + ": "
                + ratios.entrySet().stream()
                        .map(each -> RatioText.range(each.getValue()) + " the "
                                + each.getKey().title())
                        .collect(Collectors.joining(", "));
    }

    private static String percent() {
        return Math.round(Analysis.BAND.share() * 100) + " %";
    }

    private static String and(List<String> names) {
        return joined(names, " and ");
    }

    private static String or(List<String> names) {
        return joined(names, " or ");
    }

    private static String joined(List<String> names, String last) {
        int count = names.size();
        return count < 2
                ? String.join("", names)
                : String.join(", ", names.subList(0, count - 1)) + last + names.getLast();
    }
}
