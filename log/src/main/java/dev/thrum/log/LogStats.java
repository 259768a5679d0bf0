package dev.thrum.log;

/**
 * What a log has done so far.
 *
 * @param written records that were written
 * @param dropped records that never will be
 * @param waiting records in the queue
 * @param failing whether the last attempt to write failed
 */
public record LogStats(long written, long dropped, int waiting, boolean failing) {}
