package dev.thrum.crawl.mine;

import dev.thrum.crawl.text.Ascii;
import dev.thrum.crawl.text.CharacterReferences;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The title of a page, without a tree: a scan of the head that gives up at the first thing which could mean something else
 * than it seems to. On most pages it ends after a few hundred characters, where parsing takes the whole page. Owned by the
 * thread that runs it.
 *
 * <p>It goes on over white space, comments, a doctype, the tags {@code html} and {@code head}, and the elements {@code meta},
 * {@code link}, {@code base}, {@code script} and {@code style}, with attributes of ordinary form. A {@code title} after these is
 * a child of {@code head}, and no other can come before it in the tree (HTML, 13.2.6.4).
 */
final class TitleScan {
    private static final Set<String> PASSED = Set.of("html", "head", "meta", "link", "base");
    private static final Set<String> RAW = Set.of("script", "style");
    private static final int END = -1;

    private final String page;
    private int at;

    private TitleScan(String page) {
        this.page = page;
    }

    /**
     * The title, as {@link DocumentTitle#text} has it; empty if only parsing can tell, or the title is not within this text.
     *
     * @param beginning of the page; it may end anywhere
     */
    static Optional<String> find(String beginning) {
        return Optional.ofNullable(new TitleScan(beginning).find());
    }

    private @Nullable String find() {
        while (true) {
            skipSpace();
            if (c(at) != '<') {
                return null;
            }
            if (c(at + 1) == '!') {
                if (!skipDeclaration()) {
                    return null;
                }
                continue;
            }
            at++;
            String name = name();
            if (!skipAttributes()) {
                return null;
            }
            if (name.equals("title")) {
                return title();
            }
            boolean goesOn = PASSED.contains(name) || (RAW.contains(name) && skipRaw(name));
            if (!goesOn) {
                return null;
            }
        }
    }

    private @Nullable String title() {
        int end = endTag("title", at);
        if (end < 0 || contains("\0", at, end)) {
            return null;
        }
        return Ascii.collapse(CharacterReferences.decode(page.substring(at, end)));
    }

    /** Skips a comment of the usual form, or a doctype. */
    private boolean skipDeclaration() {
        if (page.startsWith("<!--", at)) {
            int from = at + "<!--".length();
            int end = page.indexOf("-->", from);
            // Some comments end earlier: <!-->, <!--->, and at --!>.
            boolean isUsual =
                    end >= 0 && c(from) != '>' && !page.startsWith("->", from) && !contains("--!>", from, end);
            at = end + "-->".length();
            return isUsual;
        }
        boolean isDoctype = page.regionMatches(true, at, "<!doctype", 0, "<!doctype".length());
        at = page.indexOf('>', at) + 1;
        return isDoctype && at > 0;
    }

    private boolean contains(String text, int from, int end) {
        int found = page.indexOf(text, from);
        return found >= 0 && found < end;
    }

    /** The name of a tag, in lower case; empty for an end tag, or what is none. */
    private String name() {
        int from = at;
        while (Ascii.isLetter(c(at))) {
            at++;
        }
        return Ascii.isSpace(c(at)) || c(at) == '>' || c(at) == '/' ? Ascii.lower(page.substring(from, at)) : "";
    }

    /** Skips the attributes of a start tag up to its end; false if one is not of an ordinary form. */
    private boolean skipAttributes() {
        while (true) {
            skipSpace();
            int c = c(at);
            if (c == '>') {
                at++;
                return true;
            }
            if (c == '/' && c(at + 1) == '>') {
                at += 2;
                return true;
            }
            if (!isOfName(c)) {
                return false;
            }
            while (isOfName(c(at))) {
                at++;
            }
            if (c(at) == '=' && !skipValue()) {
                return false;
            }
            if (!Ascii.isSpace(c(at)) && c(at) != '>' && c(at) != '/') {
                return false;
            }
        }
    }

    private boolean skipValue() {
        at++;
        int quote = c(at);
        if (quote == '"' || quote == '\'') {
            at = page.indexOf(quote, at + 1) + 1;
            return at > 0;
        }
        int from = at;
        while (isOfName(c(at)) || c(at) == '/' || c(at) == '?' || c(at) == '%' || c(at) == ',') {
            at++;
        }
        return at > from && page.charAt(at - 1) != '/';
    }

    /** Letters, digits, and what else names and plain values have. */
    private static boolean isOfName(int c) {
        return Ascii.isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' || c == '.' || c == '#';
    }

    /** Skips the source of a script or a style, and its end tag. */
    private boolean skipRaw(String name) {
        int end = endTag(name, at);
        // Within <!-- a script may contain what looks like its end.
        if (end < 0 || contains("<!--", at, end)) {
            return false;
        }
        at = end + "</".length() + name.length();
        skipSpace();
        at++;
        return c(at - 1) == '>';
    }

    /** Where the end tag of this name begins; -1 if there is none. */
    private int endTag(String name, int from) {
        int found = page.indexOf("</", from);
        while (found >= 0) {
            int after = found + "</".length() + name.length();
            boolean isName = page.regionMatches(true, found + "</".length(), name, 0, name.length());
            if (isName && (Ascii.isSpace(c(after)) || c(after) == '>' || c(after) == '/')) {
                return found;
            }
            found = page.indexOf("</", found + 1);
        }
        return -1;
    }

    private void skipSpace() {
        while (Ascii.isSpace(c(at))) {
            at++;
        }
    }

    private int c(int index) {
        return index < page.length() ? page.charAt(index) : END;
    }
}
