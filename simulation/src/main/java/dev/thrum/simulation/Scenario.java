package dev.thrum.simulation;

/** A program to be simulated: starts servers, connects to them, and checks the responses. */
@FunctionalInterface
public interface Scenario {
    /** Runs on the first thread of the simulated world; the run ends when it returns and fails when it throws. */
    void run(Simulation world) throws Exception;
}
