package dev.thrum.simulation;

/**
 * What a simulated run came to.
 *
 * @param virtualNanos how long it took by its own clock
 * @param events how many events its trace has
 * @param checksum CRC-32C over the trace: two runs with equal checksums were the same run
 * @param trace the events, a line each; empty unless the trial keeps it
 */
public record Report(long seed, long virtualNanos, long events, long checksum, String trace) {}
