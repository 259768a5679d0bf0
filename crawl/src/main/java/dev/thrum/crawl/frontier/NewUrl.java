package dev.thrum.crawl.frontier;

import java.util.Objects;

/**
 * A URL to be added to a frontier. All texts are well-formed Unicode; they cost least if they are ASCII.
 *
 * @param fingerprint its identity, which was claimed before
 * @param url the URL, at most 65,536 characters like the other texts
 * @param host whose turn it needs; stored in two bytes if it is a part of the URL
 * @param shape of URLs of this kind on the host: shapes take turns
 * @param depth number of links from a seed, at least 0
 * @param from the URL of the page on which it was found; empty for a seed
 * @param kind of URL, for the crawler
 */
public record NewUrl(Fingerprint fingerprint, String url, String host, long shape, int depth, String from, byte kind) {
    static final int LONGEST = 65_536;

    public NewUrl {
        Objects.requireNonNull(fingerprint, "fingerprint");
        check("URL", url);
        check("host", host);
        check("URL of a page", from);
        checkDepth(depth);
    }

    static void checkDepth(int depth) {
        if (depth < 0) {
            throw new IllegalArgumentException("expected a depth of at least 0 but was " + depth);
        }
    }

    private static void check(String what, String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "expected a " + what + " of at most " + LONGEST + " characters but it has " + text.length());
        }
    }
}
