package dev.thrum.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Which faults each connection of a run meets: a plan, or drawn from the seed. */
@FunctionalInterface
public interface Faults {
    /** The two halves of a connection. */
    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /**
     * The faults of one direction of one connection.
     *
     * @param connection counts up over the run, from 1
     * @param random seeded; draw from nothing else
     */
    LinkFaults of(int connection, Direction direction, RandomGenerator random);

    /**
     * The smallest window drawn, in bytes. A peer which sends more than the windows of both directions hold before it
     * reads waits for itself, as on a real network; a smaller one would forbid all pipelining.
     */
    int SMALL_WINDOW = 512;

    /**
     * The longest stall drawn, in milliseconds: less than a finished connection lingers. What comes later than that is
     * answered by a reset, which is anything but harmless.
     */
    int LONGEST_STALL_MILLIS = 1_500;

    /** A clean network. */
    static Faults none() {
        return (connection, direction, random) -> LinkFaults.none();
    }

    /**
     * A network that is slow and chops, but loses nothing: segments split and merged, delays up to 50 ms, a stall of
     * up to 1.5 s on one link in four, slow readers.
     */
    static Faults harmless() {
        return (connection, direction, random) -> harmless(random);
    }

    /** As {@link #harmless}, and one link in six is reset, one in six half-closed, within its first 200 bytes. */
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
