package dev.thrum.measure.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether two figures differ, from several measurements of both.
 *
 * @param interval their ratio, with its 95 % interval by Student's t
 * @param robust the ratio by Hodges and Lehmann, which outliers hardly move: "Estimates of Location Based on Rank Tests",
 *     Annals of Mathematical Statistics 34 (1963)
 * @param differs the probability of a ratio that is as far from 1 as this or farther, if both are equal
 * @param same the probability of a ratio that is as far within the band as this or farther, if one is at its edge, times two: at
 *     most 0.05 if the 95 % interval lies within the band (Schuirmann's two one-sided tests, Journal of Pharmacokinetics and
 *     Biopharmaceutics 15, 1987)
 * @param isConstant whether nothing varies, so that nothing is known about the error
 */
public record RatioTest(Interval interval, double robust, double differs, double same, boolean isConstant) {
    /** Logarithms closer than this are equal but for rounding. */
    private static final double ROUNDING = 1e-12;

    /**
     * Tests pairs.
     *
     * @param ratios the ratio of each pair, above 0; at least two
     */
    public static RatioTest paired(List<Double> ratios, Band band) {
        double[] logs = logs(ratios);
        Mean mean = Mean.of(logs);
        List<Double> averages = new ArrayList<>();
        for (int i = 0; i < logs.length; i++) {
            for (int j = i; j < logs.length; j++) {
                averages.add((logs[i] + logs[j]) / 2);
            }
        }
        double error = Math.sqrt(mean.variance() / logs.length);
        return of(Interval.of(ratios), error, logs.length - 1, median(averages), band);
    }

    /**
     * Tests two independent samples with variances of their own (Welch, Biometrika 34, 1947). The degrees of freedom are
     * rounded down.
     *
     * @param ours the first side, each above 0; at least two
     * @param theirs the second side, likewise
     */
    public static RatioTest unpaired(List<Double> ours, List<Double> theirs, Band band) {
        double[] first = logs(ours);
        double[] second = logs(theirs);
        List<Double> differences = new ArrayList<>();
        for (double log : first) {
            for (double other : second) {
                differences.add(log - other);
            }
        }
        double firstPart = Mean.of(first).variance() / first.length;
        double secondPart = Mean.of(second).variance() / second.length;
        double square = firstPart + secondPart;
        double freedom = square == 0
                ? 1
                : square
                        * square
                        / (firstPart * firstPart / (first.length - 1) + secondPart * secondPart / (second.length - 1));
        double error = Math.sqrt(square);
        int rounded = (int) Math.max(1, freedom);
        double mean = Mean.of(first).mean() - Mean.of(second).mean();
        return of(Interval.around(mean, error, rounded), error, rounded, median(differences), band);
    }

    private static RatioTest of(Interval interval, double error, int freedom, double robust, Band band) {
        boolean isConstant = error < ROUNDING;
        if (isConstant) {
            return new RatioTest(interval, Math.exp(robust), 1, 1, true);
        }
        double log = Math.log(interval.estimate());
        double inside = Math.log(band.high()) - Math.abs(log);
        double same = inside <= 0 ? 1 : Math.min(1, Student.beyond(inside / error, freedom));
        return new RatioTest(interval, Math.exp(robust), Student.beyond(log / error, freedom), same, false);
    }

    /** The interval, moved to the robust estimate. */
    public Interval aroundRobust() {
        double factor = robust / interval.estimate();
        return new Interval(robust, interval.low() * factor, interval.high() * factor);
    }

    /** The test of the reciprocal ratio. */
    public RatioTest reciprocal() {
        return new RatioTest(interval.reciprocal(), 1 / robust, differs, same, isConstant);
    }

    private static double[] logs(List<Double> values) {
        if (values.size() < 2 || values.stream().anyMatch(value -> !(value > 0) || Double.isInfinite(value))) {
            throw new IllegalArgumentException("expected at least two values above 0 but was " + values);
        }
        return values.stream().mapToDouble(Math::log).toArray();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
