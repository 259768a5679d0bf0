package dev.thrum.crawl.url;

import java.util.Locale;

/**
 * A URL that is known and not fetched, and why.
 *
 * @param detail a few words for people: what was found, and the limit
 */
public record Skip(Reason reason, String detail) {
    /** Why a URL is not fetched. */
    public enum Reason {
        /** Its host is not part of the crawl. */
        SCOPE,
        /** It is too many links away from a seed. */
        DEPTH,
        /** A regular expression excludes it, or none includes it. */
        EXCLUDED,
        /** A regular expression takes too long on it. */
        REGEX,
        /** It looks like one of endlessly many URLs that a site makes up. */
        TRAP,
        /** It differs from a URL that is known in a parameter for sessions only. */
        SESSION,
        /** Its host, or its shape on this host, has had its number of pages. */
        BUDGET;

        /** The reason in records: one word in lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
