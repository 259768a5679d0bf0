package dev.thrum.log;

/** What becomes of a record for which the queue has no room. */
public enum WhenFull {
    /** Who has it waits until there is room, some seconds at most, so its client waits too. */
    WAIT,

    /** It is dropped, and counted. */
    DROP
}
