package dev.thrum.crawl.crawler;

import dev.thrum.crawl.frontier.Fingerprint;

/** What is in the frontier, and is no URL of a host. */
final class Aside {
    private static final char MARK = '?';

    /** Of URLs that are not followed from where they were found, and may be found elsewhere. */
    static final String LATER_FOUND = MARK + "later";

    /** Known when a refresh has found out which pages are gone. No URL has it, but with the probability that two have the same. */
    static final Fingerprint END = new Fingerprint(0x3f84d5b5b5470917L, 0xc0ac29b7c97c50ddL);

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
