package dev.thrum.measure.statistics;

import java.util.List;
import java.util.Locale;

/**
 * A ratio that was measured several times: its geometric mean and its 95 % confidence interval, by Student's t on the
 * logarithms.
 */
public record Interval(double estimate, double low, double high) {
    /** The 97.5 % points of Student's t for 1, 2, 3 ... degrees of freedom. */
    private static final double[] STUDENT = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    private static final double NORMAL = 1.960;

    /** The excess of t over the normal point, times the degrees of freedom, for many degrees of freedom. */
    private static final double EXCESS = 2.4;

    /** The interval of at least one ratio; from a single ratio it is unbounded. */
    public static Interval of(List<Double> ratios) {
        double[] logs = ratios.stream().mapToDouble(Math::log).toArray();
        int count = logs.length;
        double mean = 0;
        for (double log : logs) {
            mean += log / count;
        }
        double squares = 0;
        for (double log : logs) {
            squares += (log - mean) * (log - mean);
        }
        double reach =
                count < 2 ? Double.POSITIVE_INFINITY : student(count - 1) * Math.sqrt(squares / (count - 1) / count);
        return new Interval(Math.exp(mean), Math.exp(mean - reach), Math.exp(mean + reach));
    }

    private static double student(int freedom) {
        return freedom <= STUDENT.length ? STUDENT[freedom - 1] : NORMAL + EXCESS / freedom;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f (%.3f - %.3f)", estimate, low, high);
    }
}
