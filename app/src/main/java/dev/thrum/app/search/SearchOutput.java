package dev.thrum.app.search;

import dev.thrum.base.JsonLine;
import dev.thrum.base.Plural;
import dev.thrum.base.Printable;
import dev.thrum.crawl.search.Hit;
import dev.thrum.crawl.search.SearchPage;
import java.io.PrintWriter;

/**
 * What {@code thrum search} prints. Text of pages is made printable before anything is put around it.
 *
 * @param isTerminal whether the words are marked by bold type; otherwise they are between asterisks
 */
record SearchOutput(PrintWriter out, PrintWriter err, boolean isTerminal) {
    private static final String COMMAND = "thrum search: ";
    private static final String BOLD = "\033[1m";
    private static final String NORMAL = "\033[0m";
    private static final String ASTERISK = "*";

    /** Prints title, URL and snippet of each result; returns whether there is one. */
    boolean text(SearchPage found) {
        for (Hit hit : found.hits()) {
            if (!hit.title().isBlank()) {
                out.println(Printable.of(hit.title().strip()));
            }
            out.println(Printable.of(hit.url()));
            String snippet =
                    hit.snippet().marked(Printable::of, isTerminal ? BOLD : ASTERISK, isTerminal ? NORMAL : ASTERISK);
            if (!snippet.isBlank()) {
                out.println(snippet);
            }
            out.println();
        }
        if (!found.hits().isEmpty()) {
            out.println(Plural.of(found.total(), "result")
                    + (found.pages() > 1 ? ", page " + found.number() + " of " + found.pages() : ""));
        }
        return end(found);
    }

    /** Prints a line of JSON for each result; returns whether there is one. */
    boolean json(SearchPage found) {
        for (Hit hit : found.hits()) {
            out.println(new JsonLine()
                    .with("url", hit.url())
                    .with("title", hit.title())
                    .with("snippet", hit.snippet().text())
                    // As it is written with the digits that it has.
                    .with("score", Double.parseDouble(Float.toString(hit.score())))
                    .with("total", found.total()));
        }
        return end(found);
    }

    private boolean end(SearchPage found) {
        out.flush();
        if (found.isCut()) {
            err.println(COMMAND + "the query is too long; only its beginning was searched");
        }
        if (found.total() == 0) {
            err.println(COMMAND + "nothing matches");
        } else if (found.hits().isEmpty()) {
            err.println(COMMAND + "expected a page from 1 to " + found.pages() + " but was " + found.number());
        }
        err.flush();
        return !found.hits().isEmpty();
    }
}
