package dev.thrum.measure.compare;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What was measured of one arm under one load, in one round.
 *
 * @param point the name of the {@link LoadPoint}
 * @param figures the figures, in their units; one that isn't known is missing
 * @param curve the latency in milliseconds at each of {@link #PERCENTILES}; empty if there is none
 * @param invalid why the load's figures are invalid; none if they are valid
 */
public record Reading(String point, Map<Figure, Double> figures, List<Double> curve, List<String> invalid) {
    /** The percentiles of a curve. */
    public static final List<Double> PERCENTILES =
            List.of(0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 99.995, 99.999, 100.0);

    private static final double MILLI = 1e6;

    public Reading {
        figures = Figures.copyOf(figures);
        curve = List.copyOf(curve);
        invalid = List.copyOf(invalid);
        if (!curve.isEmpty() && curve.size() != PERCENTILES.size()) {
            throw new IllegalArgumentException("expected a latency for each of the " + PERCENTILES.size()
                    + " percentiles, or none, but was " + curve.size());
        }
    }

    /** The curve of latencies that are in nanoseconds. */
    public static List<Double> curve(Histogram latency) {
        return latency.getTotalCount() == 0
                ? List.of()
                : PERCENTILES.stream()
                        .map(percentile -> latency.getValueAtPercentile(percentile) / MILLI)
                        .toList();
    }
}
