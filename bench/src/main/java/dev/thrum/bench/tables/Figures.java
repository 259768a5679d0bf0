package dev.thrum.bench.tables;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Repeated measurements of one thing, printed as min, median and max. */
public final class Figures {
    private final double[] sorted;

    public Figures(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("expected at least one measurement");
        }
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    public static Figures of(List<Double> values) {
        return new Figures(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    public double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The value that this share of the measurements does not exceed. */
    public double quantile(double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    /** Formats min, median and max as whole numbers. */
    public String whole() {
        return String.format(Locale.ROOT, "%,.0f - %,.0f - %,.0f", sorted[0], median(), sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f - %.3f - %.3f", sorted[0], median(), sorted[sorted.length - 1]);
    }
}
