package dev.thrum.simulation;

/** A program to be simulated: starts servers, talks to them, checks what comes back. */
@FunctionalInterface
public interface Scenario {
    /** Runs as the first thread of the simulated world; the run is over when it returns and fails when it throws. */
    void run(Simulation world) throws Exception;
}
