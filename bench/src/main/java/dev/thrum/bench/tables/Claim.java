package dev.thrum.bench.tables;

import dev.thrum.bench.load.Load;
import dev.thrum.measure.Window;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Interval;
import java.util.List;

/**
 * A claim about a contender and its peer: the ratio of a figure of the two.
 *
 * @param contender the contender of Thrum
 * @param peer the contender it is compared with
 * @param figure the figure that is compared
 * @param load the load
 * @param bound the bound that the ratio has to meet
 */
public record Claim(String contender, String peer, Figure figure, Load load, Bound bound) {
    /** A figure of a window. */
    public enum Figure {
        CPU,
        RATE,

        /** The duration that half of the round trips did not exceed. */
        P50,

        /** The reciprocal of {@link #CPU}: more is better. */
        YIELD;

        double of(Window window) {
            return switch (this) {
                case CPU -> window.cpu();
                case RATE -> window.rate();
                case P50 -> window.p50();
                case YIELD -> 1 / window.cpu();
            };
        }

        /** Its title in tables that count this unit. */
        public String title(String unit) {
            return switch (this) {
                case CPU -> "server CPU per " + unit;
                case RATE -> unit + "s/s";
                case P50 -> "p50 of a " + unit;
                case YIELD -> unit + "s per second of server CPU";
            };
        }
    }

    /** The ratio, from the pairs of windows of each round. */
    public Interval ratio(Results results) {
        return ratio(results.windows(contender, load), results.windows(peer, load));
    }

    public Interval ratio(List<Window> ours, List<Window> theirs) {
        int rounds = Math.min(ours.size(), theirs.size());
        return Interval.ofPairs(ours.subList(0, rounds), theirs.subList(0, rounds), figure::of);
    }
}
