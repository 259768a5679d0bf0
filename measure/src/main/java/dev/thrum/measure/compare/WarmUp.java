package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.SteadyState;
import java.util.List;

/**
 * How an arm warmed up, before the rounds.
 *
 * @param arm the name of the arm
 * @param windowMillis the length of a window
 * @param quiet how many windows at the end had to be without a change for the arm to count as steady
 * @param rates the requests per second in each window
 */
public record WarmUp(String arm, int windowMillis, int quiet, List<Double> rates) {
    public WarmUp {
        rates = List.copyOf(rates);
    }

    /** Whether, and from when on, the arm was steady. */
    public SteadyState state() {
        return SteadyState.of(rates, quiet);
    }
}
