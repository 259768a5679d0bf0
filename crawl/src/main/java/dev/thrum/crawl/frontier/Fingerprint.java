package dev.thrum.crawl.frontier;

/**
 * The identity of a URL: 128 bits of a digest of it.
 *
 * <p>Fingerprints must be distributed evenly, as those of a cryptographic digest are, also if somebody chooses the URLs: memory and time for a
 * lookup depend on it.
 *
 * @param high 64 of the bits
 * @param low the other 64
 */
public record Fingerprint(long high, long low) {}
