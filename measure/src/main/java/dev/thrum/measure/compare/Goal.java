package dev.thrum.measure.compare;

/**
 * The goal for the latency.
 *
 * @param figure the percentile; the verdicts on latency are about it, too
 * @param millis the longest latency that is accepted, in milliseconds
 */
public record Goal(Figure figure, double millis) {}
