package dev.thrum.bench.tables;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.load.Window;
import dev.thrum.bench.statistics.Bound;
import dev.thrum.bench.statistics.Interval;
import java.util.ArrayList;
import java.util.List;

/**
 * What is said of a contender and its peer: how a figure of the one compares with that of the other.
 *
 * @param contender of Thrum
 * @param peer what it is held against
 * @param figure which figure
 * @param load under which load
 * @param bound where the ratio has to be
 */
public record Claim(String contender, String peer, Figure figure, Load load, Bound bound) {
    /** A figure of a window. */
    public enum Figure {
        CPU,
        RATE,

        /** The opposite of {@link #CPU}: more is better. */
        YIELD;

        double of(Window window) {
            return switch (this) {
                case CPU -> window.cpu();
                case RATE -> window.rate();
                case YIELD -> 1 / window.cpu();
            };
        }

        /** What tables call it, where this is counted. */
        public String title(String unit) {
            return switch (this) {
                case CPU -> "server CPU per " + unit;
                case RATE -> unit + "s/s";
                case YIELD -> unit + "s per second of server CPU";
            };
        }
    }

    /** The ratio, from the pairs of windows of each round. */
    public Interval ratio(Results results) {
        return ratio(results.windows(contender, load), results.windows(peer, load));
    }

    public Interval ratio(List<Window> ours, List<Window> theirs) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
            ratios.add(figure.of(ours.get(round)) / figure.of(theirs.get(round)));
        }
        return Interval.of(ratios);
    }
}
