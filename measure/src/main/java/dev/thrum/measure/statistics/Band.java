package dev.thrum.measure.statistics;

/**
 * How far two figures may differ and still count as the same.
 *
 * @param share how much larger than the other one may be, such as 0.03
 */
public record Band(double share) {
    /** The largest ratio that still counts as the same. Its reciprocal is the smallest, so it doesn't matter which side is first. */
    public double high() {
        return 1 + share;
    }

    /** The smallest ratio that still counts as the same. */
    public double low() {
        return 1 / high();
    }

    /**
     * What an interval says: that one side is larger if it excludes 1 and its far end lies beyond the band, that both are the
     * same if all of it lies within the band.
     */
    public Relation relation(Interval ratio) {
        if (ratio.low() >= low() && ratio.high() <= high()) {
            return Relation.SAME;
        }
        if (ratio.low() > 1) {
            return Relation.MORE;
        }
        return ratio.high() < 1 ? Relation.LESS : Relation.UNDECIDED;
    }
}
