package dev.thrum.crawl.frontier;

/**
 * A URL that was taken from a frontier. Its taker either finishes it or puts it back.
 *
 * @param fingerprint its identity
 * @param url the URL
 * @param host its host
 * @param shape its shape on the host
 * @param depth the least at which it was found
 * @param from the URL of the page on which it was found first; empty for a seed
 * @param kind of URL
 * @param attempts as it was put back with; 0 if it was not, or before the frontier was opened
 */
public record KnownUrl(
        Fingerprint fingerprint, String url, String host, long shape, int depth, String from, byte kind, int attempts) {

    /** The same in another spelling. */
    public KnownUrl withUrl(String spelling) {
        return new KnownUrl(fingerprint, spelling, host, shape, depth, from, kind, attempts);
    }

    /** The same after one more attempt, to be put back. */
    public KnownUrl afterAttempt() {
        return new KnownUrl(fingerprint, url, host, shape, depth, from, kind, attempts + 1);
    }
}
