package dev.thrum.log;

import java.util.Locale;

/** What happens to a record if the queue is full. */
public enum WhenFull {
    /** The thread that has the record waits for room, for at most some seconds, so its client waits too. */
    WAIT,

    /** The record is dropped and counted. */
    DROP;

    /** The name used in flags. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
