package dev.thrum.bench.load;

import java.util.Arrays;

/**
 * What was counted in one window of time; durations in nanoseconds.
 *
 * @param trips round trips; of requests that are sent together, each is one
 * @param length how long the window was
 * @param server CPU time of the server's process
 * @param client CPU time of the generator's process
 * @param busy time the cores of the machine were not idle, in sum
 * @param waited time the generator had no answer to read
 * @param p50 the round trip that half of them did not exceed
 * @param p99 the round trip that 99 % of them did not exceed
 * @param p999 the round trip that 99.9 % of them did not exceed
 */
public record Window(
        long trips, long length, long server, long client, long busy, long waited, long p50, long p99, long p999) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    /** The opposite of {@link #toString}. */
    public static Window parse(String text) {
        long[] fields =
                Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
        return new Window(
                fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7], fields[8]);
    }

    /** Round trips a second. */
    public double rate() {
        return trips * NANOS_PER_SECOND / length;
    }

    /** CPU time of the server for a round trip, in microseconds. */
    public double cpu() {
        return server / NANOS_PER_MICRO / trips;
    }

    /** What others than server and generator used, as a share of one core. */
    public double noise() {
        return (double) (busy - server - client) / length;
    }

    /** How much of the time the generator had work to do: when it had all the time, the rate is the generator's own. */
    public double generatorLoad() {
        return 1 - (double) waited / length;
    }

    @Override
    public String toString() {
        return trips + " " + length + " " + server + " " + client + " " + busy + " " + waited + " " + p50 + " " + p99
                + " " + p999;
    }
}
