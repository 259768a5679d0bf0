package dev.thrum.simulation.explore.run;

/** Decides which thread takes the next step. Called by the machine, on the thread that is running. */
public interface Strategy {
    /** Returned by {@link #choose} to give up the run. */
    int GIVE_UP = -1;

    /**
     * Chooses the thread that takes the step of this number.
     *
     * @param machine the threads and their next steps
     * @param enabled the numbers of the threads that can go on, as bits; never 0
     * @param runner the number of the thread that took the step before, -1 for the first step
     * @return one of these numbers, or {@link #GIVE_UP}
     */
    int choose(Machine machine, long enabled, int runner);

    /** Called when a run has ended by itself: no thread can go on, or it was too long. */
    default void ended(Machine machine) {}

    /** Moves on to the next run; returns false when there is none. */
    boolean advance();
}
