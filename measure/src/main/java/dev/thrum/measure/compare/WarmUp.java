package dev.thrum.measure.compare;

import java.util.List;

/**
 * How an arm warmed up, before the rounds.
 *
 * @param arm the name of the arm
 * @param windowMillis the length of a window
 * @param rates the requests per second in each window
 */
public record WarmUp(String arm, int windowMillis, List<Double> rates) {
    public WarmUp {
        rates = List.copyOf(rates);
    }
}
