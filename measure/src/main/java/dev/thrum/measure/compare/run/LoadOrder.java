package dev.thrum.measure.compare.run;

import dev.thrum.measure.load.LoadPlan;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the generator's process is told to do, in one line of JSON.
 *
 * @param port the port of the server
 * @param rate requests per second, or 0 for a closed loop
 * @param connections the number of connections
 * @param millis how long to measure, or how long to warm up at most
 * @param quiet how many windows of 100 ms without a change of the level end a warm-up; 0 for a warm-up of the whole time
 * @param isWarmUp whether it is a warm-up, of which only the rates are reported
 */
record LoadOrder(int port, double rate, int connections, long millis, int quiet, boolean isWarmUp) {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    LoadPlan plan() {
        return new LoadPlan(
                rate, connections, Duration.ZERO, Duration.ZERO, Duration.ofMillis(Math.max(1, millis)), TIMEOUT);
    }

    /**
     * What it measured. Times are in milliseconds.
     *
     * @param seconds how long it measured
     * @param answered the requests that were answered
     * @param failed those that were not, or with an error
     * @param errors what kinds of errors there were, for people
     * @param latencies the percentiles p50, p90, p99 and p99.9 of the latency, its maximum and its mean
     * @param curve the latency at the percentiles of a reading
     * @param hiccup how late a sleeping thread of the generator woke up (p99)
     * @param invalid why the figures are invalid
     */
    record Answer(
            double seconds,
            long answered,
            long failed,
            String errors,
            Latencies latencies,
            List<Double> curve,
            double hiccup,
            List<Invalid> invalid) {
        double rate() {
            return answered / seconds;
        }
    }

    /** Times in milliseconds; null if no request was answered. */
    record Latencies(
            @Nullable Double p50,
            @Nullable Double p90,
            @Nullable Double p99,
            @Nullable Double p999,
            @Nullable Double max,
            @Nullable Double mean) {}

    /** Why figures are invalid: the name of the check, and a sentence. */
    record Invalid(String name, String text) {}

    /** The requests per second in each window of 100 ms of a warm-up. */
    record Rates(List<Double> rates) {}
}
