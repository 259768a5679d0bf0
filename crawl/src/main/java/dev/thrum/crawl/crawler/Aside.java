package dev.thrum.crawl.crawler;

import dev.thrum.crawl.frontier.Fingerprint;

/** Queues of the frontier that are of no host. */
final class Aside {
    private static final char MARK = '?';

    /** Of URLs that are not followed from where they were found, and may be found elsewhere. */
    static final String LATER_FOUND = MARK + "later";

    private static final long OTHER = 0x9e3779b97f4a7c15L;

    private Aside() {}

    static boolean isName(String host) {
        return host.charAt(0) == MARK;
    }

    /** The fingerprint under which a URL is set aside, and back. */
    static Fingerprint other(Fingerprint fingerprint) {
        return new Fingerprint(fingerprint.high() ^ OTHER, fingerprint.low());
    }
}
