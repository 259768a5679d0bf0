package dev.thrum.measure.statistics;

import java.util.Locale;

/**
 * The bound that a ratio has to meet.
 *
 * @param side the side of the bound that the ratio has to be on
 * @param required the bound
 * @param goal a stricter goal, or the bound itself
 */
public record Bound(Side side, double required, double goal) {
    /** A side of a bound. */
    enum Side {
        /** The ratio is only shown. */
        ANY,
        AT_MOST,
        AT_LEAST,
        BELOW
    }

    public static Bound none() {
        return new Bound(Side.ANY, 1, 1);
    }

    public static Bound atMost(double required, double goal) {
        return new Bound(Side.AT_MOST, required, goal);
    }

    public static Bound atLeast(double required, double goal) {
        return new Bound(Side.AT_LEAST, required, goal);
    }

    public static Bound atLeast(double required) {
        return atLeast(required, required);
    }

    public static Bound below(double required) {
        return new Bound(Side.BELOW, required, required);
    }

    /**
     * The verdict on a measured ratio: {@code goal}, {@code pass} or {@code miss}; for {@link Side#BELOW} {@code pass},
     * {@code open} or {@code miss}.
     *
     * <p>An interval that touches the bound passes; the goal is reached by the estimate. A ratio that has to be below
     * the bound passes with its whole interval; with a part of it, the verdict is {@code open}.
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
            case AT_MOST -> verdict(ratio.estimate() <= goal, ratio.low() <= required);
            case AT_LEAST -> verdict(ratio.estimate() >= goal, ratio.high() >= required);
            case BELOW -> ratio.high() < required ? "pass" : ratio.low() < required ? "open" : "miss";
        };
    }

    /**
     * The standing of a measured ratio: {@code reached} if its whole interval is on the bound's side, {@code missed} if
     * none of it is, {@code touches} if the bound is within it.
     */
    public String standing(Interval ratio) {
        if (side == Side.ANY) {
            return "";
        }
        if (Double.isInfinite(ratio.high())) {
            return "too few rounds";
        }
        return switch (side) {
            case ANY -> "";
            case AT_MOST, BELOW -> standing(ratio.high() <= required, ratio.low() > required);
            case AT_LEAST -> standing(ratio.low() >= required, ratio.high() < required);
        };
    }

    private static String standing(boolean reached, boolean missed) {
        return reached ? "reached" : missed ? "missed" : "touches";
    }

    public String verdict(boolean reached, boolean passed) {
        return reached && goal != required ? "goal" : passed ? "pass" : "miss";
    }

    @Override
    public String toString() {
        String sign = switch (side) {
            case ANY -> "";
            case AT_MOST -> "<=";
            case AT_LEAST -> ">=";
            case BELOW -> "<";
        };
        String beyond = goal == required ? "" : String.format(Locale.ROOT, ", goal %.2f", goal);
        return side == Side.ANY ? "" : String.format(Locale.ROOT, "%s %.2f%s", sign, required, beyond);
    }
}
