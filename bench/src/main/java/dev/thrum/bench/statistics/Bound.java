package dev.thrum.bench.statistics;

import java.util.Locale;

/**
 * Where a ratio has to be.
 *
 * @param side on which side of the bound
 * @param must the bound
 * @param goal what is aimed at beyond it, or the bound itself
 */
public record Bound(Side side, double must, double goal) {
    /** Where from a bound. */
    enum Side {
        /** The ratio is shown, and nothing is asked of it. */
        ANY,
        AT_MOST,
        AT_LEAST,
        BELOW
    }

    public static Bound none() {
        return new Bound(Side.ANY, 1, 1);
    }

    public static Bound atMost(double must, double goal) {
        return new Bound(Side.AT_MOST, must, goal);
    }

    public static Bound atLeast(double must, double goal) {
        return new Bound(Side.AT_LEAST, must, goal);
    }

    public static Bound atLeast(double must) {
        return atLeast(must, must);
    }

    public static Bound below(double must) {
        return new Bound(Side.BELOW, must, must);
    }

    /**
     * What the measured ratio says: {@code goal}, {@code pass} or {@code miss}.
     *
     * <p>An interval that touches the bound passes; the goal is reached by the estimate itself. Who is to be below the bound
     * is so with the whole interval; with a part of it, that is {@code open}.
     */
    public String verdict(Interval ratio) {
        if (side == Side.ANY) {
            return "";
        }
        if (Double.isInfinite(ratio.high())) {
            return "too few rounds";
        }
        return switch (side) {
            case ANY -> "";
            case AT_MOST -> verdict(ratio.estimate() <= goal, ratio.low() <= must);
            case AT_LEAST -> verdict(ratio.estimate() >= goal, ratio.high() >= must);
            case BELOW -> ratio.high() < must ? "pass" : ratio.low() < must ? "open" : "miss";
        };
    }

    /**
     * Where the measured ratio is: {@code reached} if its whole interval is on the bound's side, {@code missed} if none of
     * it is, {@code touches} if the bound is within it.
     */
    String standing(Interval ratio) {
        if (side == Side.ANY) {
            return "";
        }
        if (Double.isInfinite(ratio.high())) {
            return "too few rounds";
        }
        return switch (side) {
            case ANY -> "";
            case AT_MOST, BELOW -> standing(ratio.high() <= must, ratio.low() > must);
            case AT_LEAST -> standing(ratio.low() >= must, ratio.high() < must);
        };
    }

    private static String standing(boolean reached, boolean missed) {
        return reached ? "reached" : missed ? "missed" : "touches";
    }

    public String verdict(boolean reached, boolean passed) {
        return reached && goal != must ? "goal" : passed ? "pass" : "miss";
    }

    @Override
    public String toString() {
        String sign = switch (side) {
            case ANY -> "";
            case AT_MOST -> "<=";
            case AT_LEAST -> ">=";
            case BELOW -> "<";
        };
        String beyond = goal == must ? "" : String.format(Locale.ROOT, ", goal %.2f", goal);
        return side == Side.ANY ? "" : String.format(Locale.ROOT, "%s %.2f%s", sign, must, beyond);
    }
}
