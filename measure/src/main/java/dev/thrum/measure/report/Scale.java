package dev.thrum.measure.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The scale of an axis.
 *
 * @param low its lower end
 * @param high its upper end, above the lower one
 * @param isLog whether equal ratios are equally long
 */
record Scale(double low, double high, boolean isLog) {
    /** Round numbers are these times a power of ten. */
    private static final int[] STEPS = {1, 2, 5};

    /** The ends of scales of ratios. */
    private static final double[] RATIOS = {1.1, 1.2, 1.5, 2, 3, 5, 10, 30, 100};

    private static final int MOST_TICKS = 7;

    /** From 0 to the least round number that holds all values. */
    static Scale linear(List<Double> values) {
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        double highest = most <= 0 ? 1 : most;
        double step = step(highest);
        return new Scale(0, Math.ceil(highest / step - 1e-9) * step, false);
    }

    /** Around the values, with some room on both sides. */
    static Scale near(List<Double> values) {
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        double room = Math.max(0.1 * (most - least), 0.01 * most + Double.MIN_NORMAL);
        return new Scale(least - room, most + room, false);
    }

    /** From one round number to another one, which hold all values above 0. */
    static Scale log(List<Double> values) {
        double least = values.stream()
                .filter(value -> value > 0)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(1);
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        double low = roundDown(least);
        double high = roundUp(Math.max(most, least));
        return new Scale(low, high > low ? high : low * 2, true);
    }

    /** For ratios: as far below 1 as above it, to at least this ratio. */
    static Scale around(double most) {
        double high = Math.max(RATIOS[0], most);
        for (double ratio : RATIOS) {
            if (ratio >= most) {
                high = ratio;
                break;
            }
        }
        return new Scale(1 / high, high, true);
    }

    private static double step(double length) {
        return roundUp(length / 5);
    }

    private static double roundDown(double value) {
        double decade = Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
        double found = decade;
        for (int step : STEPS) {
            if (step * decade <= value * (1 + 1e-9)) {
                found = step * decade;
            }
        }
        return found;
    }

    private static double roundUp(double value) {
        double decade = Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
        for (int step : STEPS) {
            if (step * decade >= value * (1 - 1e-9)) {
                return step * decade;
            }
        }
        return 10 * decade;
    }

    /** Where a value is, from 0 at the lower end to 1 at the upper one. Values outside are put at the ends. */
    double place(double value) {
        double place =
                isLog ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
        return Math.clamp(place, 0, 1);
    }

    /** Round numbers to label. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (!isLog) {
            double step = step(high - low);
            for (int i = 0; low + i * step <= high + step * 1e-6; i++) {
                ticks.add(low + i * step);
            }
            return ticks;
        }
        for (double decade = Math.pow(10, Math.floor(Math.log10(low) + 1e-9)); decade <= high * 1.01; decade *= 10) {
            for (int step : STEPS) {
                double tick = step * decade;
                if (tick >= low * 0.99 && tick <= high * 1.01) {
                    ticks.add(tick);
                }
            }
        }
        if (ticks.size() < 3) {
            return List.of(low, Math.sqrt(low * high), high);
        }
        return ticks.size() <= MOST_TICKS ? ticks : decades(ticks);
    }

    private static List<Double> decades(List<Double> ticks) {
        return ticks.stream()
                .filter(tick -> Math.abs(Math.log10(tick) - Math.rint(Math.log10(tick))) < 1e-6)
                .toList();
    }
}
