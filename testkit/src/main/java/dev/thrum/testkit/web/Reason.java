package dev.thrum.testkit.web;

import java.util.Locale;

/** Why a crawl has not fetched a URL that it knows; as a text in lower case, like in its list of skipped URLs. */
public enum Reason {
    ROBOTS,
    SCOPE,
    DEPTH,
    NOFOLLOW,
    TRAP,
    GUARD,
    BUDGET,
    HOST,
    MALFORMED,
    TYPE,
    REDIRECT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
