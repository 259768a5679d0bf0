package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.Interval;
import dev.thrum.measure.statistics.Relation;

/**
 * The ratio of a cost of two arms.
 *
 * @param arm the first arm
 * @param other the second arm
 * @param figure the cost
 * @param ratio the first arm's cost to the second's
 * @param probability the probability of such a ratio if both cost the same, corrected for the number of ratios
 */
public record CostRatio(String arm, String other, Figure figure, Interval ratio, double probability) {
    /** Whether the rounds support that the costs differ. */
    public boolean isSupported() {
        Relation relation = Analysis.BAND.relation(ratio);
        return (relation == Relation.MORE || relation == Relation.LESS) && probability <= Judgement.LEVEL;
    }

    CostRatio with(double corrected) {
        return new CostRatio(arm, other, figure, ratio, corrected);
    }

    CostRatio reversed() {
        return new CostRatio(other, arm, figure, ratio.reciprocal(), probability);
    }
}
