package dev.thrum.measure.report;

import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.statistics.Interval;
import java.util.List;
import java.util.Locale;

/** Figures for people: with three digits, because more would promise too much. */
final class Numbers {
    private static final double MILLION = 1e6;
    private static final double THOUSAND = 1e3;
    private static final double TENTH = 0.1;
    private static final double NARROW = 0.2;
    private static final double PERCENT = 100;

    private Numbers() {}

    /** A number with three digits that count. */
    static String of(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    /** A number with its unit. */
    static String of(double value, Figure figure) {
        return figure.unit().isEmpty() ? of(value) : of(value) + " " + figure.unit();
    }

    /** A number for an axis, as short as possible. */
    static String tick(double value) {
        double size = Math.abs(value);
        if (size >= MILLION) {
            return trimmed(value / MILLION) + "M";
        }
        return size >= THOUSAND ? trimmed(value / THOUSAND) + "k" : trimmed(value);
    }

    private static String trimmed(double value) {
        double size = Math.abs(value);
        String text = String.format(Locale.ROOT, size < TENTH ? "%.4f" : "%.2f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    /**
     * The mean of several values with its interval, such as {@code 20,229 ± 4.3 %}; both ends of the interval if it is wide, because it
     * isn't symmetric then.
     *
     * @param unit the unit, or nothing
     */
    static String of(List<Double> values, String unit) {
        if (values.isEmpty()) {
            return "-";
        }
        Spread spread = Spread.of(values);
        String mean = of(spread.mean()) + (unit.isEmpty() ? "" : " " + unit);
        if (!spread.isKnown()) {
            return mean;
        }
        double half = spread.high() / spread.mean() - 1;
        return half <= NARROW
                ? mean + String.format(Locale.ROOT, half < TENTH ? " ± %.1f %%" : " ± %.0f %%", half * PERCENT)
                : mean + " (" + of(spread.low()) + " to " + of(spread.high()) + ")";
    }

    /**
     * A mean and its 95 % interval: the geometric mean, as in the ratios, unless a value is zero.
     *
     * @param isKnown whether there are enough values for an interval
     */
    record Spread(double mean, double low, double high, boolean isKnown) {
        private static final int LEAST = 3;

        static Spread of(List<Double> values) {
            if (values.stream().allMatch(value -> value > 0)) {
                Interval interval = Interval.of(values);
                return values.size() < LEAST
                        ? new Spread(interval.estimate(), interval.estimate(), interval.estimate(), false)
                        : new Spread(interval.estimate(), interval.low(), interval.high(), true);
            }
            double mean =
                    values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
            return new Spread(mean, mean, mean, false);
        }
    }
}
