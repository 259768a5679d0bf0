package dev.thrum.bench;

import java.util.Locale;

/**
 * Where a ratio has to be.
 *
 * @param side on which side of the bound
 * @param must the bound
 * @param goal what is aimed at, beyond it
 */
record Bound(Side side, double must, double goal) {
    /** Where from a bound. */
    enum Side {
        /** The ratio is shown, and nothing is asked of it. */
        ANY,
        AT_MOST,
        AT_LEAST
    }

    static Bound none() {
        return new Bound(Side.ANY, 1, 1);
    }

    static Bound atMost(double must, double goal) {
        return new Bound(Side.AT_MOST, must, goal);
    }

    static Bound atLeast(double must, double goal) {
        return new Bound(Side.AT_LEAST, must, goal);
    }

    /** An interval that touches the bound passes; the goal is reached by the estimate itself. */
    String verdict(Interval ratio) {
        return switch (side) {
            case ANY -> "";
            case AT_MOST -> verdict(ratio, ratio.estimate() <= goal, ratio.low() <= must);
            case AT_LEAST -> verdict(ratio, ratio.estimate() >= goal, ratio.high() >= must);
        };
    }

    private static String verdict(Interval ratio, boolean reached, boolean passed) {
        if (Double.isInfinite(ratio.high())) {
            return "too few rounds";
        }
        return reached ? "goal" : passed ? "pass" : "miss";
    }

    @Override
    public String toString() {
        return switch (side) {
            case ANY -> "";
            case AT_MOST -> String.format(Locale.ROOT, "<= %.2f, goal %.2f", must, goal);
            case AT_LEAST -> String.format(Locale.ROOT, ">= %.2f, goal %.2f", must, goal);
        };
    }
}
