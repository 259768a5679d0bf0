package dev.thrum.crawl.html;

import dev.thrum.crawl.text.Ascii;

/** The ends of what contains no tags: comments, and elements such as script, style and title. Each byte is read once. */
final class RawText {
    private static final String COMMENT = "<!--";
    private static final String SECTION_END = "]]>";
    private static final String DASHES = "--";

    private RawText() {}

    /** Where the end tag of this element begins; the end of the page if it has none (13.2.5.9 to 13.2.5.14). */
    static int end(PageBytes page, int from, Tag element) {
        if (element == Tag.SCRIPT) {
            return scriptEnd(page, from);
        }
        int at = page.indexOf('<', from);
        while (at < page.to() && !isEndTag(page, at, element)) {
            at = page.indexOf('<', at + 1);
        }
        return at;
    }

    /** The same for a script, which may contain its own end tag within a comment (13.2.5.15 to 13.2.5.31). */
    private static int scriptEnd(PageBytes page, int from) {
        int at = page.indexOf('<', from);
        while (at < page.to() && !isEndTag(page, at, Tag.SCRIPT)) {
            // The dashes of <!-- may be those of -->.
            int next = page.startsWith(at, COMMENT) ? escapedEnd(page, at + "<!".length()) : at + 1;
            at = page.indexOf('<', next);
        }
        return at;
    }

    /** Where the escaped part of a script ends: after its {@code -->}, or where the end tag begins that ends the script. */
    private static int escapedEnd(PageBytes page, int from) {
        byte[] bytes = page.array();
        boolean isDouble = false;
        for (int at = from; at < bytes.length; at++) {
            if (bytes[at] == '>' && at - DASHES.length() >= from && page.startsWith(at - DASHES.length(), DASHES)) {
                return at + 1;
            }
            if (bytes[at] == '<' && isEndTag(page, at, Tag.SCRIPT)) {
                if (!isDouble) {
                    return at;
                }
                isDouble = false;
            } else if (bytes[at] == '<' && isNamed(page, at + 1, Tag.SCRIPT)) {
                isDouble = true;
            }
        }
        return bytes.length;
    }

    private static boolean isEndTag(PageBytes page, int at, Tag element) {
        return page.octet(at + 1) == '/' && isNamed(page, at + "</".length(), element);
    }

    private static boolean isNamed(PageBytes page, int at, Tag element) {
        int after = page.octet(at + element.text().length());
        return (after == '>' || after == '/' || Ascii.isSpace(after)) && page.startsWith(at, element.text());
    }

    /** The place after a comment whose content begins here (13.2.5.43 to 13.2.5.52). */
    static int afterComment(PageBytes page, int from) {
        if (page.octet(from) == '>') {
            return from + 1;
        }
        if (page.octet(from) == '-' && page.octet(from + 1) == '>') {
            return from + 2;
        }
        byte[] bytes = page.array();
        int at = page.indexOf('>', from);
        while (at < bytes.length) {
            int dashes = (at > from && bytes[at - 1] == '!' ? at - 1 : at) - DASHES.length();
            if (dashes >= from && page.startsWith(dashes, DASHES)) {
                return at + 1;
            }
            at = page.indexOf('>', at + 1);
        }
        return bytes.length;
    }

    /** Where a CDATA section ends: at its {@code ]]>}, or with the page (13.2.5.69). */
    static int sectionEnd(PageBytes page, int from) {
        int at = page.indexOf(']', from);
        while (at < page.to() && !page.startsWith(at, SECTION_END)) {
            at = page.indexOf(']', at + 1);
        }
        return at;
    }
}
