package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.Interval;
import dev.thrum.measure.statistics.RatioTest;
import dev.thrum.measure.statistics.Relation;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one figure of two arms.
 *
 * @param arm the first arm
 * @param other the second arm
 * @param criterion what they are compared by
 * @param ratios the ratio of the first to the second, in each round that counts
 * @param test the test of these ratios; null with fewer than two of them
 * @param outcome whether the first arm is better
 * @param note why it can't be told; empty if it can
 */
public record PairVerdict(
        String arm,
        String other,
        Criterion criterion,
        List<RoundRatio> ratios,
        @Nullable RatioTest test,
        Outcome outcome,
        String note) {
    public PairVerdict {
        ratios = List.copyOf(ratios);
    }

    /**
     * A ratio of one round.
     *
     * @param round the index of the round, from 0
     * @param ratio the ratio of the first arm's figure to the second's
     */
    public record RoundRatio(int round, double ratio) {}

    List<Double> values() {
        return ratios.stream().map(RoundRatio::ratio).toList();
    }

    PairVerdict with(Outcome changed, String why) {
        return new PairVerdict(arm, other, criterion, ratios, test, changed, why);
    }

    /** The same verdict, with the other arm first. */
    PairVerdict reversed() {
        List<RoundRatio> reciprocals = ratios.stream()
                .map(each -> new RoundRatio(each.round, 1 / each.ratio))
                .toList();
        RatioTest other = test == null ? null : test.reciprocal();
        return new PairVerdict(this.other, arm, criterion, reciprocals, other, outcome.reversed(), note);
    }

    boolean isDifferent() {
        return outcome == Outcome.BETTER || outcome == Outcome.WORSE;
    }

    /** Whether it is about these two, in this order or the other one. */
    boolean isOf(String first, String second) {
        return (arm.equals(first) && other.equals(second)) || (arm.equals(second) && other.equals(first));
    }

    /** The outcome seen from one of the two. */
    Outcome outcomeOf(String which) {
        return which.equals(arm) ? outcome : outcome.reversed();
    }

    /** The ratio of this one of the two to the other. There must be a test. */
    Interval intervalOf(String which) {
        Interval interval = Objects.requireNonNull(test).interval();
        return which.equals(arm) ? interval : interval.reciprocal();
    }

    /** Whether one of the two is worse by the interval alone. */
    boolean seemsWorse(String which) {
        if (test == null) {
            return false;
        }
        Relation bad = criterion.figure().isMoreBetter() ? Relation.LESS : Relation.MORE;
        return Analysis.BAND.relation(intervalOf(which)) == bad;
    }
}
