package dev.thrum.measure.compare.run;

import dev.thrum.measure.Child;
import dev.thrum.measure.compare.Goal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a comparison is run.
 *
 * @param rounds the number of rounds
 * @param times how long its parts take
 * @param goal the latency within which the highest rates are looked for
 * @param connections the connections of a load
 * @param otherConnections further numbers of connections, whose closed loops are shown without a verdict
 * @param idleConnections how many idle connections are opened to see what each costs
 * @param slowClients how many clients send a byte now and then during all loads
 * @param flags the flags of the servers' JVMs
 * @param seed of the order of the arms in each round
 */
public record ComparePlan(
        int rounds,
        Times times,
        Goal goal,
        int connections,
        List<Integer> otherConnections,
        int idleConnections,
        int slowClients,
        List<String> flags,
        long seed) {
    public static final int QUICK_ROUNDS = 5;
    public static final int FULL_ROUNDS = 15;

    /**
     * The usual flags of the servers' JVMs. The whole heap is resident, so that what grows with connections is not what the heap
     * happens to have touched.
     */
    public static final List<String> JVM = Stream.concat(
                    Stream.of(
                            "-Xms256m",
                            "-Xmx256m",
                            "-XX:+AlwaysPreTouch",
                            "-XX:+UseParallelGC",
                            "-XX:+UseCompactObjectHeaders"),
                    Child.ACCESS.stream())
            .toList();

    /** The arms' highest rates are multiplied by these. */
    static final List<Double> SHARES = List.of(0.5, 0.7, 0.9);

    /** The longest starts and ends of processes, beside what is measured. */
    private static final Duration START = Duration.ofMillis(1_500);

    public ComparePlan {
        otherConnections = List.copyOf(otherConnections);
        flags = List.copyOf(flags);
    }

    /**
     * How long the parts of a comparison take.
     *
     * @param mostWarmUp the longest warm-up
     * @param quiet how many windows of 100 ms without a change of the level end a warm-up
     * @param window how long each load is measured
     * @param further how long the loads without a verdict are measured
     * @param attempts how many rates are tried for the highest one
     */
    public record Times(Duration mostWarmUp, int quiet, Duration window, Duration further, int attempts) {
        /** With {@link #QUICK_ROUNDS}, three engines take at most five minutes. */
        public static final Times QUICK =
                new Times(Duration.ofSeconds(4), 20, Duration.ofMillis(1_200), Duration.ofMillis(600), 5);

        public static final Times FULL =
                new Times(Duration.ofSeconds(30), 50, Duration.ofSeconds(5), Duration.ofSeconds(2), 8);
    }

    /** How long it takes at most, if nothing hangs; {@code arms} without the copy. */
    public Duration longest(int arms) {
        Duration search = times.window.multipliedBy(times.attempts + 1L);
        Duration before = START.plus(times.mostWarmUp).plus(search).multipliedBy(arms);
        Duration cell = START.plus(times.mostWarmUp)
                .plus(times.window.multipliedBy(SHARES.size() + 1L))
                .plus(times.further.multipliedBy(otherConnections.size()));
        return before.plus(cell.multipliedBy((long) (arms + 1) * rounds));
    }
}
