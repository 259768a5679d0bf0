package dev.thrum.log;

import java.util.Locale;

/** What becomes of a record for which the queue has no room. */
public enum WhenFull {
    /** Who has it waits until there is room, some seconds at most, so its client waits too. */
    WAIT,

    /** It is dropped, and counted. */
    DROP;

    /** Its name as in a flag. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
