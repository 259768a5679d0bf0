package dev.thrum.crawl.url;

/**
 * The fingerprint of a URL: 128 bits that are equal for equal URLs ({@link UrlIdentity}), and in practice for no
 * others.
 *
 * @param high the first 64 bits
 * @param low the other 64 bits
 */
public record UrlKey(long high, long low) {}
