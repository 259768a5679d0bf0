package dev.thrum.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Decides when connections rest that wait for their next exchange. It has random numbers of its own, so that those of the
 * network don't depend on it.
 *
 * @param atOnce whether they rest whenever they can; otherwise by chance
 */
record SimulatedRests(RandomGenerator random, boolean atOnce) {
    /** The longest time that a connection waits on its thread before it rests. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

    /** Whether a connection rests that waits from now on. */
    boolean mayRest() {
        return atOnce || random.nextBoolean();
    }

    /** How long it waits on its thread before that. */
    Duration patience() {
        return atOnce || random.nextBoolean()
                ? Duration.ZERO
                : Duration.ofNanos(random.nextLong(LONGEST_WAIT.toNanos()));
    }
}
