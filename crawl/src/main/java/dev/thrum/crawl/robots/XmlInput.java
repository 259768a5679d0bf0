package dev.thrum.crawl.robots;

import dev.thrum.base.Printable;
import java.io.IOException;
import java.io.Reader;
import java.util.Map;

/**
 * The characters of an XML document, and what is made of characters only: white space, names and references. Owned by
 * its reader.
 */
final class XmlInput {
    /** What {@link #read} returns at the end. */
    static final int EOF = -1;

    private static final int BUFFER = 4096;
    private static final int LONGEST_NAME = 1_000;
    private static final int LONGEST_REFERENCE = 32;
    private static final int LONGEST_SHOWN = 40;
    private static final Map<String, Integer> ENTITIES =
            Map.of("amp", (int) '&', "lt", (int) '<', "gt", (int) '>', "quot", (int) '"', "apos", (int) '\'');

    private final Reader in;
    private final char[] buffer = new char[BUFFER];
    private int from;
    private int to;

    XmlInput(Reader in) {
        this.in = in;
    }

    /** The next character; {@link #EOF} at the end. */
    int read() throws IOException {
        return from < to || fill() ? buffer[from++] : EOF;
    }

    /** The next character, which stays there to be read. */
    int peek() throws IOException {
        return from < to || fill() ? buffer[from] : EOF;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(in.read(buffer), 0);
        return to > 0;
    }

    /** The next character, of a construct that has to end before the document does. */
    int readWithin(String construct) throws IOException {
        int c = read();
        if (c == EOF) {
            throw new MalformedSitemapException(
                    "expected the end of " + construct + " but was the end of the document");
        }
        return c;
    }

    /** Requires that these characters come next. */
    void require(String expected) throws IOException {
        for (int i = 0; i < expected.length(); i++) {
            require(read(), expected.charAt(i));
        }
    }

    /** Requires that a character which has been read is this one. */
    static void require(int c, char expected) throws MalformedSitemapException {
        if (c != expected) {
            throw new MalformedSitemapException("expected \"" + expected + "\" but was " + shown(c));
        }
    }

    /** A character that has been read, if a document may contain it. */
    static char requireLegal(int c) throws MalformedSitemapException {
        if ((c < ' ' && !isSpace(c)) || c >= '\ufffe') {
            throw new MalformedSitemapException("expected a character of XML but was " + shown(c));
        }
        return (char) c;
    }

    /** The first character after white space. */
    int readAfterSpace() throws IOException {
        return afterSpace(read());
    }

    /** The first character that is no white space: this one, which has been read, or a later one. */
    int afterSpace(int first) throws IOException {
        int c = first;
        while (isSpace(c)) {
            c = read();
        }
        return c;
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** Skips all up to a greater-than sign after this character, at least this many times. */
    void skipPast(char last, int times, String construct) throws IOException {
        int seen = 0;
        while (true) {
            int c = readWithin(construct);
            if (c == '>' && seen >= times) {
                return;
            }
            seen = c == last ? seen + 1 : 0;
        }
    }

    /**
     * Reads a name, all but its first character, which has been read.
     *
     * @param name is replaced by it
     * @return the character after it
     */
    int readName(int first, StringBuilder name) throws IOException {
        name.setLength(0);
        int c = first;
        while (isOfName(c)) {
            if (name.length() == LONGEST_NAME) {
                throw new MalformedSitemapException("expected a name of at most " + LONGEST_NAME + " characters");
            }
            name.append((char) c);
            c = read();
        }
        if (name.isEmpty() || (first < 'A' && first != ':')) {
            throw new MalformedSitemapException("expected a name but was " + shown(first));
        }
        return c;
    }

    /** Letters, digits, what else a name may contain, and all characters outside of ASCII. */
    private static boolean isOfName(int c) {
        return c >= 0x80
                || (c >= '0' && c <= ':')
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || c == '_'
                || c == '-'
                || c == '.';
    }

    /** Reads a reference after its ampersand; the code point that it stands for. */
    int readReference() throws IOException {
        StringBuilder reference = new StringBuilder();
        int c = read();
        while (c != ';' && c != EOF && reference.length() < LONGEST_REFERENCE) {
            reference.append((char) c);
            c = read();
        }
        String text = reference.toString();
        int codePoint = ENTITIES.getOrDefault(text, -1);
        if (codePoint < 0 && text.startsWith("#")) {
            codePoint = text.startsWith("x", 1) ? number(text, 2, 16) : number(text, 1, 10);
        }
        if (c != ';' || !isLegal(codePoint)) {
            throw new MalformedSitemapException("expected a known reference but was " + shown("&" + text));
        }
        return codePoint;
    }

    /** The number that the text ends with; -1 if there is none, or none of a code point. */
    private static int number(String text, int start, int radix) {
        int number = start < text.length() ? 0 : -1;
        for (int i = start; i < text.length() && number >= 0; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            number = digit < 0 || number > Character.MAX_CODE_POINT ? -1 : number * radix + digit;
        }
        return number;
    }

    /** Whether a code point is a character of XML 1.0 (2.2). */
    private static boolean isLegal(int codePoint) {
        return isSpace(codePoint)
                || (codePoint >= ' ' && codePoint < Character.MIN_SURROGATE)
                || (codePoint > Character.MAX_SURROGATE && codePoint < 0xfffe)
                || (codePoint > 0xffff && codePoint <= Character.MAX_CODE_POINT);
    }

    /** A character as a message has it. */
    static String shown(int c) {
        return c == EOF ? "the end of the document" : shown(Character.toString(c));
    }

    /** A text as a message has it. */
    static String shown(CharSequence text) {
        return Printable.excerpt(text.toString(), LONGEST_SHOWN);
    }
}
