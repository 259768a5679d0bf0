package dev.thrum.measure.statistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where mean or variance of a series change: the cuts with the least cost, where the cost of a part is that of the normal
 * distribution's likelihood, and each cut costs a penalty. Found exactly by dynamic programming (Jackson and others, "An Algorithm
 * for Optimal Partitioning of Data on an Interval", IEEE Signal Processing Letters 12, 2005), which PELT (Killick and others, JASA
 * 107, 2012) computes faster for long series.
 */
final class ChangePoints {
    /** The least number of values between two changes. */
    static final int LEAST = 5;

    /** What a cut costs, times the logarithm of the number of values. */
    private static final double PENALTY = 8;

    /** Differences below this share of the mean don't matter. */
    private static final double RESOLUTION = 0.005;

    private final double[] sums;
    private final double[] squares;
    private final double least;

    private ChangePoints(double[] values) {
        sums = new double[values.length + 1];
        squares = new double[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            sums[i + 1] = sums[i] + values[i];
            squares[i + 1] = squares[i] + values[i] * values[i];
        }
        double mean = sums[values.length] / Math.max(1, values.length);
        least = Math.max(Double.MIN_NORMAL, mean * mean * RESOLUTION * RESOLUTION);
    }

    /** The indexes at which a new part begins, in order; none if nothing changes. */
    static List<Integer> of(double[] values) {
        int count = values.length;
        ChangePoints parts = new ChangePoints(values);
        double penalty = PENALTY * Math.log(Math.max(2, count));
        double[] best = new double[count + 1];
        int[] begins = new int[count + 1];
        best[0] = -penalty;
        for (int end = 1; end <= count; end++) {
            best[end] = Double.POSITIVE_INFINITY;
            for (int begin = 0; begin <= end - LEAST; begin++) {
                double cost = best[begin] + penalty + parts.cost(begin, end);
                if (cost < best[end]) {
                    best[end] = cost;
                    begins[end] = begin;
                }
            }
        }
        List<Integer> changes = new ArrayList<>();
        for (int at = begins[count]; at > 0; at = begins[at]) {
            changes.add(at);
        }
        Collections.reverse(changes);
        return changes;
    }

    /** Minus twice the logarithm of the likelihood of a part, but for what all cuts have in common. */
    private double cost(int begin, int end) {
        int count = end - begin;
        double mean = (sums[end] - sums[begin]) / count;
        double variance = (squares[end] - squares[begin]) / count - mean * mean;
        return count * (Math.log(Math.max(least, variance)) + 1);
    }
}
