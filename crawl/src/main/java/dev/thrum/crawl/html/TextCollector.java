package dev.thrum.crawl.html;

import dev.thrum.crawl.text.Ascii;
import java.util.Arrays;

/** Text as it is gathered, with one space for each white space. Owned by the thread of its scan. */
final class TextCollector {
    private static final int FIRST_SIZE = 256;
    private static final char REPLACEMENT = '\ufffd';

    private final PageBytes page;
    private final byte[] bytes;
    private final References references;
    private final int limit;

    private char[] buffer = new char[FIRST_SIZE];
    private int length;

    /**
     * A collector without text yet.
     *
     * @param limit characters after which the text is cut
     */
    TextCollector(PageBytes page, References references, int limit) {
        this.page = page;
        this.bytes = page.array();
        this.references = references;
        this.limit = limit;
    }

    /** How the bytes of a text are read. */
    enum Reading {
        /** Text of HTML: there is no NUL in it. */
        HTML(true, false),
        /** Text of foreign elements, titles and text areas: NUL becomes U+FFFD. */
        REPLACING(true, true),
        /** Text without character references. */
        RAW(false, true),
        /** The same as a part of HTML. */
        RAW_HTML(false, false);

        private final boolean hasReferences;
        private final boolean replacesNul;

        Reading(boolean hasReferences, boolean replacesNul) {
            this.hasReferences = hasReferences;
            this.replacesNul = replacesNul;
        }
    }

    /** Puts white space here. */
    void separate() {
        if (length > 0 && length < limit && buffer[length - 1] != ' ') {
            reserve(1);
            buffer[length++] = ' ';
        }
    }

    /** Adds the text in this range of the page. */
    void add(int from, int to, Reading reading) {
        int at = from;
        while (at < to && length < limit) {
            reserve(to - at);
            at = addPlain(at, to);
            if (at < to && length < limit) {
                at = addOther(at, to, reading);
            }
        }
    }

    /** Adds characters of ASCII up to one that may be something else; returns its place. */
    private int addPlain(int from, int to) {
        char[] text = buffer;
        int end = Math.min(to, from + text.length - length);
        int size = length;
        int at = from;
        for (; at < end; at++) {
            byte octet = bytes[at];
            if (octet > ' ' && octet != '&') {
                text[size++] = (char) octet;
            } else if (octet <= 0 || octet == '&') {
                break;
            } else if (!Ascii.isSpace(octet)) {
                text[size++] = (char) octet;
            } else if (size > 0 && text[size - 1] != ' ') {
                text[size++] = ' ';
            }
        }
        length = size;
        return at;
    }

    /** Adds what begins with an ampersand, NUL, or a byte outside of ASCII; returns the place after it. */
    private int addOther(int at, int to, Reading reading) {
        byte octet = bytes[at];
        if (octet > ' ') {
            if (octet == '&' && reading.hasReferences) {
                int after = references.read(at, to, false);
                add(references.characters());
                return after;
            }
            add((char) octet);
            return at + 1;
        }
        if (octet < 0) {
            int end = at + 1;
            while (end < to && bytes[end] < 0) {
                end++;
            }
            add(page.text(at, end));
            return end;
        }
        if (octet == 0 && reading.replacesNul) {
            add(REPLACEMENT);
        }
        return octet == 0 ? at + 1 : at;
    }

    private void add(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length() && length < limit; i++) {
            add(text.charAt(i));
        }
    }

    private void add(char character) {
        if (Ascii.isSpace(character)) {
            separate();
        } else {
            reserve(1);
            buffer[length++] = character;
        }
    }

    private void reserve(int more) {
        int needed = length + Math.min(more, limit - Math.min(length, limit)) + 1;
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, 2 * buffer.length));
        }
    }

    /** Begins again. */
    void clear() {
        length = 0;
    }

    /** The text, without white space around it. */
    String text() {
        int end = Math.min(length, limit);
        if (end > 0 && buffer[end - 1] == ' ') {
            end--;
        }
        boolean isPairCut = end == limit && Character.isHighSurrogate(buffer[end - 1]);
        return new String(buffer, 0, isPairCut ? end - 1 : end);
    }
}
