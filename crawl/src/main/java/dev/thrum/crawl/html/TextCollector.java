package dev.thrum.crawl.html;

import static dev.thrum.crawl.html.PageBytes.HIGH_BITS;
import static dev.thrum.crawl.html.PageBytes.ONES;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.crawl.text.Ascii;
import java.util.Arrays;

/**
 * Text as it is gathered, with one space for each white space. Owned by the thread of its scan.
 *
 * <p>Eight bytes at a time are looked at, and copied together as long as they are ASCII and need no change. A character has one byte until one
 * comes that needs two: most texts end up as strings of one byte a character, and are then copied only once more.
 */
final class TextCollector {
    private static final int FIRST_SIZE = 256;
    private static final char REPLACEMENT = '\ufffd';
    private static final int MOST_OF_A_BYTE = 0xff;

    private static final long LOW_BITS = 0x7f * ONES;
    private static final long SPACES = ' ' * ONES;
    private static final long AMPERSANDS = '&' * ONES;
    private static final long BRACKETS = '<' * ONES;

    /** Carries each character of ASCII from the space on into the high bit. */
    private static final long FROM_SPACE_ON = (0x80 - ' ') * ONES;

    private final PageBytes page;
    private final byte[] bytes;
    private final References references;
    private final int limit;

    /** The text, as long as each of its characters is below U+0100. */
    private byte[] narrow;

    /** The text if it is wide. */
    private char[] wide = {};

    private boolean isWide;
    private int length;

    /**
     * A collector of a short text.
     *
     * @param limit characters after which the text is cut
     */
    TextCollector(PageBytes page, References references, int limit) {
        this(page, references, limit, new byte[0]);
    }

    /**
     * A collector of a text.
     *
     * @param room that nobody else uses any more, in which it is gathered, as long as that is enough
     */
    TextCollector(PageBytes page, References references, int limit, byte[] room) {
        this.page = page;
        this.bytes = page.array();
        this.references = references;
        this.limit = limit;
        this.narrow = room;
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
        if (!endsWithSpace() && length < limit) {
            put(' ');
        }
    }

    /** Whether white space here makes no difference. */
    private boolean endsWithSpace() {
        return length == 0 || (isWide ? wide[length - 1] : narrow[length - 1]) == ' ';
    }

    /** Adds the text in this range of the page. */
    void add(int from, int to, Reading reading) {
        int at = from;
        while (at < to && length < limit) {
            // A byte is one character at most.
            int most = Math.min(to - at, limit - length);
            reserve(most);
            at = addPlain(at, at + most);
            if (at < to && length < limit) {
                at = addOther(at, to, reading);
            }
        }
    }

    /** Adds text of HTML up to the next bracket; returns its place, or the end of the page. For a collector without a limit. */
    int addToBracket(int from) {
        int to = page.to();
        int at = from;
        while (at < to && bytes[at] != '<') {
            reserve(1);
            int room = (isWide ? wide.length : narrow.length) - length;
            at = addPlain(at, at + Math.min(to - at, room));
            if (at < to && bytes[at] != '<') {
                at = addOther(at, to, Reading.HTML);
            }
        }
        return at;
    }

    /** Adds characters of ASCII up to one that may be something else, or not count; returns its place. There is room for them. */
    private int addPlain(int from, int to) {
        int end = plainEnd(from, to, endsWithSpace() ? 0 : 0x80);
        copy(from, end);
        return end;
    }

    /**
     * Where the first character is that is not of ASCII, a control, a white space after another one, or may begin something else.
     * In the numbers, only the high bit of each byte counts: it says that the byte is none of these, and is right up to the first one that is.
     *
     * @param afterWord {@code 0x80} if no white space is before the text; else 0
     */
    private int plainEnd(int from, int to, long afterWord) {
        byte[] page = bytes;
        int at = from;
        long before = afterWord;
        int last = to - Long.BYTES;
        for (; at <= last; at += Long.BYTES) {
            long eight = PageBytes.eightAt(page, at);
            long words = (eight ^ SPACES) + LOW_BITS;
            long plain = plain(eight) & (words | words << Byte.SIZE | before);
            if ((plain & HIGH_BITS) != HIGH_BITS) {
                return at + Long.numberOfTrailingZeros(~plain & HIGH_BITS) / Byte.SIZE;
            }
            before = words >>> (Long.SIZE - Byte.SIZE);
        }
        // Of the last bytes of a page, less than eight are left: they are added one by one.
        if (at < to && at <= page.length - Long.BYTES) {
            long eight = PageBytes.eightAt(page, at);
            long words = (eight ^ SPACES) + LOW_BITS;
            // What is behind the end does not count.
            long plain = plain(eight) & (words | words << Byte.SIZE | before) & ~(0x80L << ((to - at) * Byte.SIZE));
            at += Long.numberOfTrailingZeros(~plain & HIGH_BITS) / Byte.SIZE;
        }
        return at;
    }

    /** The same for eight bytes, without regard to white space. */
    private static long plain(long eight) {
        return ~eight & (eight + FROM_SPACE_ON) & ((eight ^ AMPERSANDS) + LOW_BITS) & ((eight ^ BRACKETS) + LOW_BITS);
    }

    private void copy(int from, int to) {
        if (isWide) {
            char[] target = wide;
            int offset = length - from;
            for (int i = from; i < to; i++) {
                target[offset + i] = (char) bytes[i];
            }
        } else {
            System.arraycopy(bytes, from, narrow, length, to - from);
        }
        length += to - from;
    }

    /** Adds what begins with a byte that can't simply be copied; returns the place after it. */
    private int addOther(int at, int to, Reading reading) {
        byte octet = bytes[at];
        if (Ascii.isSpace(octet)) {
            separate();
            int after = at + 1;
            while (after < to && Ascii.isSpace(bytes[after])) {
                after++;
            }
            return after;
        }
        if (octet < 0) {
            return addEncoded(at, to);
        }
        if (octet == '&' && reading.hasReferences) {
            int after = references.read(at, to, false);
            add(references.characters());
            return after;
        }
        if (octet != 0) {
            put((char) octet);
        } else if (reading.replacesNul) {
            put(REPLACEMENT);
        }
        return at + 1;
    }

    /** Adds characters outside of ASCII; returns the place after them. */
    private int addEncoded(int from, int to) {
        int at = page.isUtf8() ? addUtf8(from, to) : from;
        if (at > from) {
            return at;
        }
        int end = from + 1;
        while (end < to && bytes[end] < 0) {
            end++;
        }
        add(page.text(from, end));
        return end;
    }

    /** Adds well-formed characters of UTF-8; returns the place after them. */
    private int addUtf8(int from, int to) {
        int at = from;
        while (at < to && bytes[at] < 0 && length < limit) {
            int character = page.utf8At(at, to);
            if (character < 0) {
                break;
            }
            if (character <= Character.MAX_VALUE) {
                put((char) character);
                at += character < 0x800 ? 2 : 3;
            } else {
                add(Character.toString(character));
                at += 4;
            }
        }
        return at;
    }

    private void add(String text) {
        for (int i = 0; i < text.length() && length < limit; i++) {
            char character = text.charAt(i);
            if (Ascii.isSpace(character)) {
                separate();
            } else {
                put(character);
            }
        }
    }

    private void put(char character) {
        reserve(1);
        if (character > MOST_OF_A_BYTE && !isWide) {
            widen();
        }
        if (isWide) {
            wide[length++] = character;
        } else {
            narrow[length++] = (byte) character;
        }
    }

    private void widen() {
        if (wide.length < narrow.length) {
            wide = new char[narrow.length];
        }
        for (int i = 0; i < length; i++) {
            wide[i] = (char) (narrow[i] & MOST_OF_A_BYTE);
        }
        isWide = true;
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        int size = isWide ? wide.length : narrow.length;
        if (needed <= size) {
            return;
        }
        int grown = Math.max(needed, Math.max(FIRST_SIZE, 2 * size));
        if (isWide) {
            wide = Arrays.copyOf(wide, grown);
        } else {
            narrow = Arrays.copyOf(narrow, grown);
        }
    }

    /** Begins again. */
    void clear() {
        length = 0;
        isWide = false;
    }

    /** The room in which the text was gathered; not to be used any more. */
    byte[] room() {
        return narrow;
    }

    /** The text, without white space around it. */
    String text() {
        int end = length > 0 && endsWithSpace() ? length - 1 : length;
        if (!isWide) {
            return new String(narrow, 0, end, ISO_8859_1);
        }
        boolean isPairCut = end == limit && Character.isHighSurrogate(wide[end - 1]);
        return new String(wide, 0, isPairCut ? end - 1 : end);
    }
}
