package dev.thrum.crawl.html;

import dev.thrum.crawl.text.Ascii;

/**
 * A link of a page.
 *
 * @param href the target as written, with character references decoded
 * @param rel the link types in lower case, separated by single spaces; empty if there are none
 * @param text the text of the element, cut after {@link #LONGEST_TEXT} characters; empty for all but anchors
 */
public record Link(String href, String rel, String text, Kind kind) {
    /** The most characters of a text. */
    public static final int LONGEST_TEXT = 200;

    /** Where a link is. */
    public enum Kind {
        /** An {@code a}, of HTML or of SVG. */
        ANCHOR,
        /** An {@code area} of an image. */
        AREA,
        /** A {@code link}, such as that to a style sheet. */
        LINK,
        /** A {@code frame} or an {@code iframe}. */
        FRAME,
        /** A {@code meta} with {@code http-equiv=refresh}. */
        REFRESH
    }

    /** Whether the page asks not to follow this link. */
    public boolean isNoFollow() {
        return hasType("nofollow");
    }

    /** Whether this is one of its link types, which is given in lower case. */
    boolean hasType(String type) {
        int at = rel.indexOf(type);
        while (at >= 0) {
            int end = at + type.length();
            boolean begins = at == 0 || rel.charAt(at - 1) == ' ';
            if (begins && (end == rel.length() || rel.charAt(end) == ' ')) {
                return true;
            }
            at = rel.indexOf(type, at + 1);
        }
        return false;
    }

    static Link of(String href, String rel, Kind kind) {
        return new Link(href, rel.isEmpty() ? rel : Ascii.lower(Ascii.collapse(rel)), "", kind);
    }

    Link withText(String newText) {
        return new Link(href, rel, newText, kind);
    }
}
