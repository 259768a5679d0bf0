package dev.thrum.measure.statistics;

import java.util.List;

/** Whether measurements depend on when they were made: without that, each order of them is equally probable. */
public final class Exchangeability {
    /** With fewer values neither test is possible. */
    public static final int LEAST = 4;

    private Exchangeability() {}

    /**
     * The probability of a trend or a step as clear as these or clearer, if there is none: twice the lesser of both tests.
     *
     * @param ratios the ratios, above 0, in the order in which they were measured; at least {@link #LEAST}
     */
    public static double probability(List<Double> ratios) {
        double[] logs = ratios.stream().mapToDouble(Math::log).toArray();
        return Math.min(1, 2 * Math.min(trend(logs), step(logs)));
    }

    /** The t test of the slope of a straight line through the values. */
    static double trend(double[] values) {
        int count = values.length;
        double mean = Mean.of(values).mean();
        double centre = (count - 1) / 2.0;
        double products = 0;
        double squares = 0;
        double all = 0;
        for (int i = 0; i < count; i++) {
            products += (i - centre) * (values[i] - mean);
            squares += (i - centre) * (i - centre);
            all += (values[i] - mean) * (values[i] - mean);
        }
        double explained = products * products / squares;
        return ofShare(explained, all, count - 2);
    }

    /**
     * The largest t of all ways to cut the values in two, as in Worsley, "On the Likelihood Ratio Test for a Shift in Location
     * of Normal Populations", JASA 74 (1979). Each part has two values at least, because a single one is an outlier and no step.
     * The probability is bounded by the sum over all cuts (Bonferroni), so the test's level is at most the nominal one.
     */
    static double step(double[] values) {
        int count = values.length;
        double mean = Mean.of(values).mean();
        double all = 0;
        for (double value : values) {
            all += (value - mean) * (value - mean);
        }
        double sum = values[0] - mean;
        double least = 1;
        int cuts = count - 3;
        for (int cut = 2; cut <= count - 2; cut++) {
            sum += values[cut - 1] - mean;
            double explained = sum * sum * count / (cut * (double) (count - cut));
            least = Math.min(least, ofShare(explained, all, count - 2));
        }
        return Math.min(1, cuts * least);
    }

    /** The probability of t, from the sum of squares that one parameter explains. */
    private static double ofShare(double explained, double all, int freedom) {
        if (all == 0) {
            return 1;
        }
        double rest = Math.max(0, all - explained);
        return Student.beyond(Math.sqrt(explained * freedom / rest), freedom);
    }
}
