package dev.thrum.crawl.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads what a user has typed into a search box: words, {@code "phrases"}, {@code title:word}, {@code site:host}, each also with a
 * minus sign before it. There are no errors: what is none of these is words. Owned by one thread.
 */
final class QueryText {
    private static final String TITLE = "title:";
    private static final String SITE = "site:";

    private final String text;
    private int at;

    private QueryText(String text) {
        this.text = text;
    }

    /** The parts of a query, in their order. */
    static List<Clause> parse(String text) {
        QueryText query = new QueryText(text);
        List<Clause> clauses = new ArrayList<>();
        while (query.hasMore()) {
            clauses.add(query.clause());
        }
        return clauses;
    }

    private boolean hasMore() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private Clause clause() {
        boolean isExcluded = text.charAt(at) == '-' && at + 1 < text.length() && !isBlank(text.charAt(at + 1));
        if (isExcluded) {
            at++;
        }
        Clause.Kind kind = Clause.Kind.WORDS;
        if (skip(TITLE)) {
            kind = Clause.Kind.TITLE;
        } else if (skip(SITE)) {
            kind = Clause.Kind.SITE;
        }
        return new Clause(kind, value(), isExcluded);
    }

    /** Goes on after a name, in any case, if it is here and a value follows. */
    private boolean skip(String name) {
        int end = at + name.length();
        boolean isHere = end < text.length()
                && text.substring(at, end).toLowerCase(Locale.ROOT).equals(name)
                && !isBlank(text.charAt(end));
        at = isHere ? end : at;
        return isHere;
    }

    /** A phrase, or everything up to a blank. A quotation mark without a second one is like a blank. */
    private String value() {
        if (text.charAt(at) == '"') {
            int end = text.indexOf('"', at + 1);
            int from = at + 1;
            at = end < 0 ? from : end + 1;
            return end < 0 ? "" : text.substring(from, end);
        }
        int from = at;
        while (at < text.length() && !isBlank(text.charAt(at)) && text.charAt(at) != '"') {
            at++;
        }
        return text.substring(from, at);
    }
}
