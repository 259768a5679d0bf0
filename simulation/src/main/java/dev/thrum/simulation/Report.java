package dev.thrum.simulation;

/**
 * The result of a simulated run.
 *
 * @param virtualNanos its duration by the virtual clock
 * @param events the number of events in its trace
 * @param checksum CRC-32C over the trace: runs with equal checksums were identical
 * @param trace the events, one per line; empty unless the trial keeps it
 */
public record Report(long seed, long virtualNanos, long events, long checksum, String trace) {}
