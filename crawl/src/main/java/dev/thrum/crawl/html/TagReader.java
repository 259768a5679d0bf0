package dev.thrum.crawl.html;

import dev.thrum.crawl.html.Tag.Trait;
import dev.thrum.crawl.text.Ascii;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tag that the scan has read last (13.2.5.6 to 13.2.5.40). The attributes of most tags are only skipped. Owned by the
 * thread of its scan.
 */
final class TagReader {
    private static final int NOT_THERE = -1;

    private final PageBytes page;
    private final byte[] bytes;
    private final References references;
    private final int[] valueFrom = new int[Attribute.COUNT];
    private final int[] valueTo = new int[Attribute.COUNT];

    private Tag tag = Tag.OTHER;
    private long hash;
    private boolean isSelfClosing;

    TagReader(PageBytes page, References references) {
        this.page = page;
        this.bytes = page.array();
        this.references = references;
    }

    Tag tag() {
        return tag;
    }

    /** What tells names apart for which there is no constant. */
    long hash() {
        return hash;
    }

    boolean isSelfClosing() {
        return isSelfClosing;
    }

    /**
     * Reads the tag whose name begins at this place.
     *
     * @return the place after the tag; the number of bytes in the page plus 1 if the page ends within it, so that there is no
     *     tag
     */
    int read(int from) {
        int at = from;
        long nameHash = 0;
        while (at < bytes.length && !endsName(bytes[at])) {
            nameHash = Tag.hash(nameHash, at - from, Ascii.lower(bytes[at]));
            at++;
        }
        hash = nameHash;
        tag = Tag.of(bytes, from, at, nameHash);
        isSelfClosing = false;
        boolean keeps = tag.is(Trait.READ);
        if (keeps) {
            Arrays.fill(valueFrom, NOT_THERE);
        }
        while (at < bytes.length) {
            byte octet = bytes[at];
            if (octet == '>') {
                return at + 1;
            }
            if (octet == '/' || Ascii.isSpace(octet)) {
                at++;
                isSelfClosing = octet == '/' && page.octet(at) == '>';
            } else {
                at = attribute(at, keeps);
            }
        }
        return bytes.length + 1;
    }

    /** Reads an attribute; returns the place after it, which may be white space before the next. */
    private int attribute(int from, boolean keeps) {
        // An equals sign at the beginning belongs to the name.
        int at = from + 1;
        while (at < bytes.length && bytes[at] != '=' && !endsName(bytes[at])) {
            at++;
        }
        Attribute name = keeps ? Attribute.of(bytes, from, at) : null;
        at = skipSpace(at);
        if (page.octet(at) != '=') {
            keep(name, at, at);
            return at;
        }
        at = skipSpace(at + 1);
        int quote = page.octet(at);
        if (quote == '"' || quote == '\'') {
            int end = at + 1;
            while (end < bytes.length && bytes[end] != quote) {
                end++;
            }
            keep(name, at + 1, end);
            return end + 1;
        }
        int end = at;
        while (end < bytes.length && bytes[end] != '>' && !Ascii.isSpace(bytes[end])) {
            end++;
        }
        keep(name, at, end);
        return end;
    }

    /** Keeps the value of an attribute; that of the first of a name counts. */
    private void keep(@Nullable Attribute name, int from, int to) {
        if (name != null && valueFrom[name.index()] == NOT_THERE) {
            valueFrom[name.index()] = from;
            valueTo[name.index()] = to;
        }
    }

    boolean has(Attribute attribute) {
        return valueFrom[attribute.index()] != NOT_THERE;
    }

    /** The value of an attribute of a tag that is read, with its character references decoded; null if it has none. */
    @Nullable
    String value(Attribute attribute) {
        int from = valueFrom[attribute.index()];
        return from == NOT_THERE ? null : references.attribute(from, valueTo[attribute.index()]);
    }

    private int skipSpace(int from) {
        int at = from;
        while (at < bytes.length && Ascii.isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean endsName(byte octet) {
        return octet <= '>' && (octet == '>' || octet == '/' || Ascii.isSpace(octet));
    }
}
