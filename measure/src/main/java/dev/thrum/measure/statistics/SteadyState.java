package dev.thrum.measure.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a program in warm-up has become steady, in the way of Barrett and others, "Virtual Machine Warmup Blows Hot and Cold",
 * OOPSLA 2017: outliers are replaced, the series is cut at changes of its mean and variance ({@link ChangePoints}), and neighbours
 * that are the same within 3 % are joined again.
 *
 * @param kind what kind of series it is
 * @param changes the indexes of the values at which the level changes, in order
 * @param start the index of the first value from which on the level stays the same; the number of values if it doesn't
 */
public record SteadyState(Kind kind, List<Integer> changes, int start) {
    /** The kinds of series of that paper. */
    public enum Kind {
        FLAT("flat: as fast from the beginning"),
        WARM_UP("warm-up: it became faster, then steady"),
        SLOWDOWN("slowdown: it became slower, then steady"),
        NO_STEADY_STATE("no steady state: its speed still changed at the end");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** A label for people. */
        public String title() {
            return title;
        }
    }

    private static final Band SAME = new Band(0.03);

    /** The windows around a value that say what is usual there. */
    private static final int NEIGHBOURS = 20;

    /** A value is an outlier if it is farther from the usual one than this many times the usual spread. */
    private static final double FAR = 3;

    private static final double LOWER = 0.1;
    private static final double UPPER = 0.9;

    public SteadyState {
        changes = List.copyOf(changes);
    }

    /**
     * Looks for changes of the level. The time it takes grows with the square of the number of values; 1,000 take some
     * milliseconds.
     *
     * @param rates what was done in each window, such as requests per second: more is faster
     * @param quiet how many windows at the end have to be without a change; with fewer there is no steady state
     */
    public static SteadyState of(List<Double> rates, int quiet) {
        double[] values = withoutOutliers(rates);
        List<Integer> starts = new ArrayList<>(List.of(0));
        starts.addAll(ChangePoints.of(values));
        List<Double> levels = new ArrayList<>();
        for (int part = 0; part < starts.size(); part++) {
            int end = part + 1 < starts.size() ? starts.get(part + 1) : values.length;
            levels.add(level(values, starts.get(part), end));
        }
        List<Integer> changes = new ArrayList<>();
        for (int part = 1; part < starts.size(); part++) {
            if (!isSame(levels.get(part), levels.get(part - 1))) {
                changes.add(starts.get(part));
            }
        }
        int first = levels.size() - 1;
        while (first > 0 && isSame(levels.get(first - 1), levels.getLast())) {
            first--;
        }
        if (values.length - starts.get(first) < Math.max(1, quiet)) {
            return new SteadyState(Kind.NO_STEADY_STATE, changes, values.length);
        }
        return new SteadyState(kind(levels, first), changes, starts.get(first));
    }

    private static Kind kind(List<Double> levels, int first) {
        if (first == 0) {
            return Kind.FLAT;
        }
        double last = levels.getLast();
        boolean wasFaster = levels.subList(0, first).stream().anyMatch(level -> level > last && !isSame(level, last));
        return wasFaster ? Kind.SLOWDOWN : Kind.WARM_UP;
    }

    private static boolean isSame(double level, double other) {
        return Math.max(level, other) <= Math.min(level, other) * SAME.high();
    }

    private static double level(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum / Math.max(1, to - from);
    }

    /** The values, with outliers replaced by the median of their neighbours: a pause is no change of the level. */
    private static double[] withoutOutliers(List<Double> rates) {
        double[] values = new double[rates.size()];
        for (int i = 0; i < values.length; i++) {
            List<Double> near =
                    rates.subList(Math.max(0, i - NEIGHBOURS), Math.min(values.length, i + NEIGHBOURS + 1)).stream()
                            .sorted()
                            .toList();
            double median = near.get(near.size() / 2);
            double spread = at(near, UPPER) - at(near, LOWER);
            boolean isFar = Math.abs(rates.get(i) - median) > FAR * spread;
            values[i] = isFar ? median : rates.get(i);
        }
        return values;
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }

    /** Whether the level has not changed at the end. */
    public boolean isQuiet() {
        return kind != Kind.NO_STEADY_STATE;
    }
}
