package dev.thrum.measure.compare;

import java.util.List;

/**
 * The highest rate at which an arm met the goal, as found before the rounds.
 *
 * @param arm the name of the arm
 * @param rate requests per second; 0 if it met the goal at no rate
 * @param attempts the rates that were tried, in order
 */
public record HighestRate(String arm, double rate, List<Attempt> attempts) {
    public HighestRate {
        attempts = List.copyOf(attempts);
    }

    /**
     * A rate that was tried.
     *
     * @param rate requests per second
     * @param millis the latency of the goal's percentile, in milliseconds; {@link Double#MAX_VALUE} without a response
     * @param isMet whether the goal was met, and nearly all requests were answered
     */
    public record Attempt(double rate, double millis, boolean isMet) {
        /** Whether anything was answered. */
        public boolean hasLatency() {
            return millis < Double.MAX_VALUE;
        }
    }
}
