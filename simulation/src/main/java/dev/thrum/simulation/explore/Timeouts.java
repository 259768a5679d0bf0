package dev.thrum.simulation.explore;

/** When a wait with a time limit ends without what it waits for. */
public enum Timeouts {
    /**
     * By the virtual clock, which moves on only when no thread can go on otherwise. Two waits that end at the same instant race.
     */
    BY_CLOCK,
    /**
     * At any moment, as on a machine that is slow at the worst time. To keep the search finite, this holds for the first
     * two timed waits of each thread; later ones end by the clock. The report says so.
     */
    ANY
}
