package dev.thrum.measure.load;

import dev.thrum.base.DurationText;
import dev.thrum.measure.Schedule;
import java.time.Duration;

/**
 * When requests are sent, and for how long.
 *
 * @param rate requests per second, on a schedule that nothing delays (open loop); 0 for a closed loop, in which each connection
 *     sends its next request when it has a response
 * @param connections the number of connections, at least 1
 * @param ramp the time in which the rate, or the number of busy connections, grows evenly
 * @param warmup the time after the ramp that isn't measured
 * @param duration the time after that, which is measured
 * @param timeout how long to wait for a connection, and for a response once its request is sent
 * @param threads the number of threads that share the rate and the connections, at least 1
 */
public record LoadPlan(
        double rate,
        int connections,
        Duration ramp,
        Duration warmup,
        Duration duration,
        Duration timeout,
        int threads) {
    /** More connections than one address has ports for are impossible. */
    public static final int MOST_CONNECTIONS = 60_000;

    /** More threads than any machine for this has cores are a mistake. */
    public static final int MOST_THREADS = 256;

    private static final double NANOS = 1e9;

    /** Throws an {@link IllegalArgumentException} that says what was expected. */
    public LoadPlan {
        require(
                rate >= 0 && rate <= Schedule.HIGHEST_RATE,
                "a rate of at most " + Schedule.HIGHEST_RATE + " requests a second, one per nanosecond",
                rate);
        require(
                connections >= 1 && connections <= MOST_CONNECTIONS,
                "1 to " + MOST_CONNECTIONS + " connections",
                connections);
        require(!ramp.isNegative() && !warmup.isNegative(), "a ramp and a warm-up of at least 0", ramp);
        require(duration.isPositive() && timeout.isPositive(), "a duration and a timeout above 0", duration);
        require(
                duration.compareTo(warmup) >= 0,
                "a duration of at least the warm-up, which is " + words(warmup) + ",",
                words(duration));
        require(
                rate == 0 || rate / threads * duration.toNanos() / NANOS >= 1,
                "at least one request in the duration of " + words(duration) + " at this rate"
                        + (threads == 1 ? "" : " for each of " + threads + " threads"),
                rate + " a second");
        require(threads >= 1 && threads <= MOST_THREADS, "1 to " + MOST_THREADS + " threads", threads);
        require(threads <= connections, "at least one connection for each of " + threads + " threads", connections);
    }

    /** A plan for one thread. */
    public LoadPlan(double rate, int connections, Duration ramp, Duration warmup, Duration duration, Duration timeout) {
        this(rate, connections, ramp, warmup, duration, timeout, 1);
    }

    /** The part of one of the threads, which are numbered from 0. */
    LoadPlan part(int thread) {
        int share = connections / threads + (thread < connections % threads ? 1 : 0);
        return new LoadPlan(rate / threads, share, ramp, warmup, duration, timeout);
    }

    /** Whether it is a closed loop. */
    public boolean isClosed() {
        return rate == 0;
    }

    private static String words(Duration duration) {
        return DurationText.of(duration);
    }

    private static void require(boolean isMet, String expectation, Object was) {
        if (!isMet) {
            throw new IllegalArgumentException("expected " + expectation + " but was " + was);
        }
    }
}
