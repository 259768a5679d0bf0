package dev.thrum.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The faults of the connections of a run: planned, or drawn from the seed. */
@FunctionalInterface
public interface Faults {
    /** The two halves of a connection. */
    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /**
     * Returns the faults of one direction of one connection.
     *
     * @param connection the connection's number, which counts up from 1 over the run
     * @param random the seeded source of random numbers; use no other
     */
    LinkFaults of(int connection, Direction direction, RandomGenerator random);

    /**
     * The smallest window drawn, in bytes. A peer that sends more than the windows of both directions hold before it
     * reads deadlocks, as on a real network; a smaller window would rule out all pipelining.
     */
    int SMALL_WINDOW = 512;

    /**
     * The longest stall drawn, in milliseconds: shorter than a lingering close. Bytes that arrive later than that
     * cause a reset, which is not harmless.
     */
    int LONGEST_STALL_MILLIS = 1_500;

    /** A network without faults. */
    static Faults none() {
        return (connection, direction, random) -> LinkFaults.none();
    }

    /**
     * A slow network that loses nothing: segments are split and merged, delays are up to 50 ms, one link in four has
     * a stall of up to 1.5 s, and some readers are slow.
     */
    static Faults harmless() {
        return (connection, direction, random) -> harmless(random);
    }

    /**
     * A network like {@link #harmless} in which also one link in six is reset and one in six half-closed, within its
     * first 200 bytes.
     */
    static Faults harmful() {
        return (connection, direction, random) -> {
            LinkFaults faults = harmless(random);
            return switch (random.nextInt(6)) {
                case 0 -> faults.withResetAt(random.nextInt(200));
                case 1 -> faults.withEndAt(random.nextInt(200));
                default -> faults;
            };
        };
    }

    private static LinkFaults harmless(RandomGenerator random) {
        int least = 1 + random.nextInt(8);
        LinkFaults faults = LinkFaults.none()
                .withSegments(least, least + random.nextInt(64))
                .withDelays(Duration.ofNanos(10_000), Duration.ofMillis(1 + random.nextInt(50)));
        if (random.nextInt(4) == 0) {
            faults = faults.withStall(random.nextInt(100), Duration.ofMillis(random.nextInt(LONGEST_STALL_MILLIS)));
        }
        return random.nextInt(3) == 0 ? faults.withWindow(SMALL_WINDOW + random.nextInt(SMALL_WINDOW)) : faults;
    }
}
