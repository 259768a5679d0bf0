package dev.thrum.crawl.html;

import dev.thrum.crawl.text.Ascii;
import java.util.Optional;

/** The target in the content of {@code meta http-equiv=refresh} (HTML, "shared declarative refresh steps"). */
final class Refresh {
    private final String content;
    private int at;

    private Refresh(String content) {
        this.content = content;
    }

    /** The URL as written; empty if it is malformed or the page is to load itself. */
    static Optional<String> target(String content) {
        return new Refresh(content).target().map(Ascii::strip).filter(target -> !target.isEmpty());
    }

    private Optional<String> target() {
        skipSpace();
        int digits = at;
        while (c() >= '0' && c() <= '9') {
            at++;
        }
        if (at == digits && c() != '.') {
            return Optional.empty();
        }
        while ((c() >= '0' && c() <= '9') || c() == '.') {
            at++;
        }
        if (!Ascii.isSpace(c()) && c() != ';' && c() != ',') {
            return Optional.empty();
        }
        skipSpace();
        if (c() == ';' || c() == ',') {
            at++;
        }
        skipSpace();
        int from = at;
        return Optional.of(skipName() ? unquoted() : content.substring(from));
    }

    /** Skips {@code url=}, which may be left out; false if there is the beginning of it only, which belongs to the URL then. */
    private boolean skipName() {
        if (Ascii.lower(c()) != 'u') {
            return true;
        }
        if (!content.regionMatches(true, at, "url", 0, "url".length())) {
            return false;
        }
        at += "url".length();
        skipSpace();
        if (c() != '=') {
            return false;
        }
        at++;
        skipSpace();
        return true;
    }

    private String unquoted() {
        char quote = (char) c();
        if (quote != '"' && quote != '\'') {
            return content.substring(at);
        }
        int end = content.indexOf(quote, at + 1);
        return content.substring(at + 1, end < 0 ? content.length() : end);
    }

    private void skipSpace() {
        while (Ascii.isSpace(c())) {
            at++;
        }
    }

    private int c() {
        return at < content.length() ? content.charAt(at) : -1;
    }
}
