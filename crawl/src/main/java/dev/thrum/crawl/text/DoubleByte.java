package dev.thrum.crawl.text;

import java.util.Arrays;

/**
 * The decoder of an encoding of one or two bytes a character, some with longer sequences. It cuts malformed input as the
 * Encoding Standard does: a byte of ASCII is never swallowed by a byte before it that should not be there. The JDK's
 * decoders of EUC-JP, GB18030 and Big5 do swallow one, so that a page would lose the {@code <} of a tag.
 */
final class DoubleByte implements TextDecoder {
    /** No character. */
    static final int NONE = -1;

    private static final int LEAD = -2;
    private static final int FIRST = 0x81;
    private static final int OCTETS = 256;
    /** The bits of a code point; those above them are a combining mark after it. */
    private static final int POINT = 21;

    private static final int POINT_MASK = (1 << POINT) - 1;

    /** By byte: a character, {@link #NONE}, or {@link #LEAD} for the first byte of several. */
    private final int[] singles = new int[OCTETS];
    /** By first and second byte: a code point, perhaps with a mark, or {@link #NONE}. */
    private final int[] pairs = new int[OCTETS * OCTETS];

    private final Longer longer;

    private DoubleByte(Longer longer) {
        this.longer = longer;
        Arrays.fill(pairs, NONE);
        for (int octet = 0; octet < OCTETS; octet++) {
            singles[octet] = octet < FIRST - 1 ? octet : NONE;
        }
    }

    /** The sequences of more than two bytes that an encoding has. */
    @FunctionalInterface
    interface Longer {
        /** There are none. */
        Longer NONE = (_, _, _) -> 0;

        /**
         * Decodes one.
         *
         * @return 0 if the two bytes at this place begin none, else the number of bytes to skip, as a negative number if
         *     they stand for no character, with the code point above the lowest three bits
         */
        int decode(byte[] bytes, int at, int to);

        static int character(int point, int length) {
            return point << 3 | length;
        }

        static int malformed(int length) {
            return -length;
        }
    }

    /** The characters of an encoding. */
    interface Table {
        /** The code point of a pair, {@link #NONE}, or two joined by {@link #withMark}. */
        int point(int lead, int trail);
    }

    static int withMark(int point, int mark) {
        return mark << POINT | point;
    }

    /** A decoder whose pairs begin with these bytes, without characters yet. */
    static DoubleByte of(Table table, Longer longer, int... leads) {
        DoubleByte decoder = new DoubleByte(longer);
        for (int lead : leads) {
            decoder.singles[lead] = LEAD;
            for (int trail = 0x30; trail < OCTETS; trail++) {
                decoder.pairs[lead * OCTETS + trail] = table.point(lead, trail);
            }
        }
        return decoder;
    }

    /** With characters of one byte, from this one on. */
    DoubleByte withSingles(int first, int last, char character) {
        for (int octet = first; octet <= last; octet++) {
            singles[octet] = character + octet - first;
        }
        return this;
    }

    /** The code point of a pair, or {@link #NONE}. */
    int point(int lead, int trail) {
        return pairs[lead * OCTETS + trail];
    }

    @Override
    public String decode(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int at = from;
        while (at < to) {
            int single = singles[bytes[at] & 0xff];
            if (single == LEAD) {
                at = several(bytes, at, to, text);
            } else {
                text.append(single == NONE ? REPLACEMENT : (char) single);
                at++;
            }
        }
        return text.toString();
    }

    /** Decodes the character of several bytes at this place; returns the place after it. */
    private int several(byte[] bytes, int at, int to, StringBuilder text) {
        if (at + 1 == to) {
            text.append(REPLACEMENT);
            return to;
        }
        int more = longer.decode(bytes, at, to);
        if (more < 0) {
            text.append(REPLACEMENT);
            return at - more;
        }
        if (more > 0) {
            text.appendCodePoint(more >> 3);
            return at + (more & 7);
        }
        int trail = bytes[at + 1] & 0xff;
        int point = point(bytes[at] & 0xff, trail);
        if (point == NONE) {
            text.append(REPLACEMENT);
            return trail < 0x80 ? at + 1 : at + 2;
        }
        text.appendCodePoint(point & POINT_MASK);
        if (point >> POINT != 0) {
            text.append((char) (point >> POINT));
        }
        return at + 2;
    }
}
