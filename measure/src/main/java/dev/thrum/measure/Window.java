package dev.thrum.measure;

import java.util.Arrays;

/**
 * The counts of one window of time; durations are in nanoseconds.
 *
 * @param trips round trips; each of several pipelined requests counts as one
 * @param length the length of the window
 * @param server CPU time of the server's process
 * @param client CPU time of the generator's process
 * @param busy the sum of the times that the cores of the machine were busy
 * @param waited the time that the generator had no answer to read
 * @param p50 the duration that half of the round trips did not exceed
 * @param p99 the duration that 99 % of the round trips did not exceed
 * @param p999 the duration that 99.9 % of the round trips did not exceed
 * @param closed the connections that the server has closed, also before the window began
 */
public record Window(
        long trips,
        long length,
        long server,
        long client,
        long busy,
        long waited,
        long p50,
        long p99,
        long p999,
        long closed) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    /** Parses the format of {@link #toString}. */
    public static Window parse(String text) {
        long[] fields =
                Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
        return new Window(
                fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7], fields[8],
                fields[9]);
    }

    public Window withClosed(long connections) {
        return new Window(trips, length, server, client, busy, waited, p50, p99, p999, connections);
    }

    /** The same with the generator's CPU time; the rest of the time it waited. */
    public Window withClient(long nanos) {
        return new Window(trips, length, server, nanos, busy, Math.max(0, length - nanos), p50, p99, p999, closed);
    }

    /** Round trips per second. */
    public double rate() {
        return trips * NANOS_PER_SECOND / length;
    }

    /** CPU time of the server per round trip, in microseconds. */
    public double cpu() {
        return server / NANOS_PER_MICRO / trips;
    }

    /** The CPU time of processes other than server and generator, as a share of one core. */
    public double noise() {
        return (double) (busy - server - client) / length;
    }

    /** The share of the time that the generator was busy; at 1 the generator limits the rate. */
    public double generatorLoad() {
        return 1 - (double) waited / length;
    }

    @Override
    public String toString() {
        return trips + " " + length + " " + server + " " + client + " " + busy + " " + waited + " " + p50 + " " + p99
                + " " + p999 + " " + closed;
    }
}
