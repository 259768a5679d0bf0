package dev.thrum.measure.statistics;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

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
        Mean logs = Mean.of(ratios.stream().mapToDouble(Math::log).toArray());
        int count = ratios.size();
        return count < 2
                ? new Interval(Math.exp(logs.mean()), 0, Double.POSITIVE_INFINITY)
                : around(logs.mean(), Math.sqrt(logs.variance() / count), count - 1);
    }

    /**
     * The ratio of two sides that were measured in the same rounds, from the pairs.
     *
     * @throws IllegalArgumentException if one side has more rounds than the other
     */
    public static Interval ofPairs(double[] ours, double[] theirs) {
        if (ours.length != theirs.length) {
            throw new IllegalArgumentException(
                    "expected as many rounds of both sides but was " + ours.length + " and " + theirs.length);
        }
        return of(IntStream.range(0, ours.length)
                .mapToObj(round -> ours[round] / theirs[round])
                .toList());
    }

    /** The ratio of a figure of two sides that were measured in the same rounds, as {@link #ofPairs(double[], double[])}. */
    public static <T> Interval ofPairs(List<T> ours, List<T> theirs, ToDoubleFunction<? super T> figure) {
        return ofPairs(
                ours.stream().mapToDouble(figure).toArray(),
                theirs.stream().mapToDouble(figure).toArray());
    }

    /** The interval around a mean of logarithms with this standard error. */
    static Interval around(double mean, double error, int freedom) {
        double reach = student(freedom) * error;
        return new Interval(Math.exp(mean), Math.exp(mean - reach), Math.exp(mean + reach));
    }

    /** The interval of the reciprocal ratio. */
    public Interval reciprocal() {
        return new Interval(1 / estimate, 1 / high, 1 / low);
    }

    private static double student(int freedom) {
        return freedom <= STUDENT.length ? STUDENT[freedom - 1] : NORMAL + EXCESS / freedom;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f (%.3f - %.3f)", estimate, low, high);
    }
}
