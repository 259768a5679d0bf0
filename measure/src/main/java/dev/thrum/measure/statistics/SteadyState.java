package dev.thrum.measure.statistics;

import java.util.List;

/**
 * Whether a program in warm-up has become steady.
 *
 * @param kind what kind of series it is
 * @param changes the indexes of the values at which the level changes, in order
 * @param start the index of the first value from which on the level stays the same; the number of values if it doesn't
 */
public record SteadyState(Kind kind, List<Integer> changes, int start) {
    /** The kinds of Barrett and others, "Virtual Machine Warmup Blows Hot and Cold", OOPSLA 2017. */
    public enum Kind {
        /** It is as fast from the first value on. */
        FLAT,
        /** It becomes faster, and stays so. */
        WARM_UP,
        /** It becomes slower, and stays so. */
        SLOWDOWN,
        /** Its level still changes at the end. */
        NO_STEADY_STATE
    }

    public SteadyState {
        changes = List.copyOf(changes);
    }

    /**
     * Looks for changes of the level.
     *
     * @param rates what was done in each window, such as requests per second: more is faster
     * @param quiet how many windows at the end have to be without a change; with fewer there is no steady state
     */
    public static SteadyState of(List<Double> rates, int quiet) {
        return new SteadyState(rates.size() < quiet ? Kind.NO_STEADY_STATE : Kind.FLAT, List.of(), 0);
    }

    /** Whether the level has not changed at the end. */
    public boolean isQuiet() {
        return kind != Kind.NO_STEADY_STATE;
    }
}
