package dev.thrum.measure.statistics;

/** What an interval of a ratio says about its two sides. */
public enum Relation {
    /** The first side is larger. */
    MORE,
    /** The first side is smaller. */
    LESS,
    /** Both sides are the same within the band. */
    SAME,
    UNDECIDED
}
