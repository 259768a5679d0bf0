package dev.thrum.simulation.explore;

import java.util.List;

/**
 * A concurrent program to be explored: some shared state, actors that use it at the same time, and what must hold when
 * they have ended.
 *
 * <p>An {@link Explorer} loads the class once, with its code rewritten, and creates an object of it for each schedule,
 * with the same arguments. The state of the program is in the fields of that object. Nothing may be carried from one
 * schedule to the next: no static field that changes, no random number without a fixed seed, no identity hash, no file.
 *
 * <pre>{@code
 * static final class LostUpdate implements Program {
 *     private int count;
 *
 *     public List<Actor> actors() {
 *         return List.of(() -> count++, () -> count++);
 *     }
 *
 *     public void invariant() {
 *         assertThat(count).isEqualTo(2);
 *     }
 * }
 * }</pre>
 */
public interface Program {
    /**
     * The actors. Each runs once, on a thread of its own, and all begin together. An exception that one throws is a
     * finding. Called once for each schedule, after the constructor; while both run there are no other threads, unless
     * they start some.
     */
    List<Actor> actors();

    /**
     * Fails with any exception if the program is not in the state that it must be in when all its threads have ended.
     * Nothing runs beside it.
     */
    default void invariant() throws Exception {}

    /**
     * What this schedule has led to, such as {@code count=2}: the report counts the schedules for each outcome. Called after
     * {@link #invariant}, also if that has failed. Must depend on the schedule only.
     */
    default String outcome() {
        return "";
    }

    /** The code of one actor. */
    @FunctionalInterface
    interface Actor {
        void run() throws Exception;
    }
}
