package dev.thrum.simulation;

/** Thrown when a simulated run fails; the message names the seed that repeats it. */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final long seed;

    SimulationFailure(long seed, String message, Throwable cause) {
        super(message, cause);
        this.seed = seed;
    }

    /** The seed that repeats the run. */
    public long seed() {
        return seed;
    }
}
