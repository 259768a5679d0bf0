package dev.thrum.simulation.explore.run;

/** A program that can be created again for each run. */
@FunctionalInterface
public interface RunnableProgram {
    /** Creates it and adds its actors; called on a thread of the run. */
    void create(Machine machine);
}
