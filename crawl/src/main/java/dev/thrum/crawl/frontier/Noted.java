package dev.thrum.crawl.frontier;

/**
 * A finished URL, as a frontier finds it when it is opened.
 *
 * @param fingerprint its identity
 * @param depth the least at which it was found; 255 means at least that
 * @param note that it was finished with; belongs to the receiver
 */
@SuppressWarnings("ArrayRecordComponent")
public record Noted(Fingerprint fingerprint, int depth, byte[] note) {}
