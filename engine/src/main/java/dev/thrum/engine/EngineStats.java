package dev.thrum.engine;

/**
 * An engine in numbers, over all its servers, as {@link Engine#stats} reports it.
 *
 * @param serving clients that are connected now, those that wait for a worker included
 * @param waiting of these, how many wait for a worker (engine {@code threads})
 * @param accepted clients that were let in, since the engine was opened
 * @param refused clients that were turned away for lack of a place, since then
 * @param bytesIn bytes received, by servers and clients, since then
 * @param bytesOut bytes handed to the network, by both, since then
 */
public record EngineStats(int serving, int waiting, long accepted, long refused, long bytesIn, long bytesOut) {}
