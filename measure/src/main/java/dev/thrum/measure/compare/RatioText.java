package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.Interval;
import java.util.List;
import java.util.Locale;

/** Ratios for people. */
public final class RatioText {
    private static final double LARGE = 10;
    private static final double VERY_LARGE = 100;
    private static final double PERCENT = 100;

    private RatioText() {}

    /** A ratio with its interval, such as {@code 1.31 × (1.25 to 1.37)}. */
    public static String of(Interval ratio) {
        return factor(ratio.estimate()) + " × (" + factor(ratio.low()) + " to " + factor(ratio.high()) + ")";
    }

    /** A ratio without its interval, such as {@code 1.31} or {@code 40}. */
    public static String factor(double ratio) {
        if (Double.isInfinite(ratio)) {
            return "∞";
        }
        String format = ratio >= VERY_LARGE ? "%,.0f" : ratio >= LARGE ? "%.1f" : ratio < 1 / LARGE ? "%.3f" : "%.2f";
        return String.format(Locale.ROOT, format, ratio);
    }

    /** Several ratios of the same figure, such as {@code 0.31 to 0.59 ×}. */
    static String range(List<Double> ratios) {
        String least =
                factor(ratios.stream().mapToDouble(Double::doubleValue).min().orElseThrow());
        String most =
                factor(ratios.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
        return (least.equals(most) ? most : least + " to " + most) + " ×";
    }

    /** How much less a ratio below 1 is, such as {@code 31 %}. */
    static String saving(double ratio) {
        return String.format(Locale.ROOT, "%.0f %%", (1 - ratio) * PERCENT);
    }
}
