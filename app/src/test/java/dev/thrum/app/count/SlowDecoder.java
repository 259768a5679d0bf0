package dev.thrum.app.count;

import java.util.HashSet;
import java.util.Set;

/**
 * UTF-8 by its table of well-formed byte sequences (the Unicode Standard, table 3-7), one character after the other: where none
 * fits, the longest beginning of one becomes a replacement character, at least one byte.
 */
final class SlowDecoder {
    /** What {@code wc} of coreutils takes for white space with glibc's C.UTF-8: iswspace, and the spaces it adds. */
    static final Set<Integer> SEPARATORS = separators();

    /** Lowest and highest first byte, and lowest and highest second one; all later bytes are from 80 to BF. */
    private static final int[][] WELL_FORMED = {
        {0x00, 0x7F},
        {0xC2, 0xDF, 0x80, 0xBF},
        {0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF},
        {0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF},
        {0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF},
        {0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF},
        {0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF},
    };

    private SlowDecoder() {}

    static String decode(byte[] text) {
        StringBuilder decoded = new StringBuilder();
        int at = 0;
        while (at < text.length) {
            int longest = 1;
            boolean isWhole = false;
            for (int[] row : WELL_FORMED) {
                int matched = matched(text, at, row);
                isWhole |= matched == row.length / 2;
                longest = Math.max(longest, matched);
            }
            decoded.appendCodePoint(isWhole ? codePoint(text, at, longest) : 0xFFFD);
            at += longest;
        }
        return decoded.toString();
    }

    private static int matched(byte[] text, int from, int[] row) {
        int matched = 0;
        while (matched < row.length / 2 && from + matched < text.length) {
            int octet = text[from + matched] & 0xFF;
            if (octet < row[2 * matched] || octet > row[2 * matched + 1]) {
                return matched;
            }
            matched++;
        }
        return matched;
    }

    private static int codePoint(byte[] text, int at, int length) {
        int bits = text[at] & (length == 1 ? 0x7F : 0x7F >> length);
        for (int i = 1; i < length; i++) {
            bits = bits << 6 | (text[at + i] & 0x3F);
        }
        return bits;
    }

    private static Set<Integer> separators() {
        Set<Integer> separators = new HashSet<>(Set.of(0x2028, 0x2029, 0x2060));
        for (int c = '\t'; c <= '\r'; c++) {
            separators.add(c);
        }
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (Character.getType(c) == Character.SPACE_SEPARATOR) {
                separators.add(c);
            }
        }
        return separators;
    }
}
