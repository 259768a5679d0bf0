package dev.thrum.log;

import java.time.Duration;

/**
 * The counts of a log.
 *
 * @param written number of records written since it was opened
 * @param dropped number of records dropped since it was opened
 * @param waiting number of records in the queue
 * @param oldest how long the oldest record has waited to be written; zero if none waits
 * @param failing whether the last attempt to write failed
 */
public record LogStats(long written, long dropped, int waiting, Duration oldest, boolean failing) {}
