package dev.thrum.crawl.search;

/**
 * A part of a query.
 *
 * @param text as it was typed, without the signs around it
 * @param isExcluded whether pages must not match it
 */
record Clause(Kind kind, String text, boolean isExcluded) {
    enum Kind {
        /** Words next to each other, anywhere. */
        WORDS,
        /** Words next to each other, in the title. */
        TITLE,
        /** A host, or a domain that it is in. */
        SITE
    }
}
