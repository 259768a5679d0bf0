package dev.thrum.app.count;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Counts the lines, words and characters of UTF-8 that arrives in blocks. The counts don't depend on where the text is cut
 * into blocks.
 *
 * <p>There are two ways through a block. The fast one takes eight ASCII bytes at a time, in the bits of a long, and whole
 * characters of several bytes. The slow one takes the rest a byte at a time: broken UTF-8, and the ends of blocks. It is the UTF-8
 * decoder of the WHATWG Encoding Standard (section "UTF-8 decoder"), and it defines the counts.
 *
 * <p>Owned by one thread.
 */
final class TextCounter {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The bit of each byte that ASCII leaves free. In a result it marks the bytes that have a property. */
    private static final long MARKS = 0x8080808080808080L;

    private static final long ONES = 0x0101010101010101L;
    private static final long SEVEN_BITS = ~MARKS;
    private static final int REPLACEMENT = 0xFFFD;

    /** Seven ASCII bytes and the longest character: the fast way needs this many bytes ahead. */
    private static final int AHEAD = 11;

    private long lines;
    private long words;
    private long characters;
    private long bytes;

    /** Whether the last character belongs to a word. */
    private boolean inWord;

    /** The number of bytes that the begun character still needs; 0 between characters. */
    private int needed;

    /** The bits of the begun character so far. */
    private int partial;

    /** The range that its next byte must be in. */
    private int lower = 0x80;

    private int upper = 0xBF;

    /** Counts the next bytes: those of the block up to this length. */
    void add(byte[] block, int length) {
        bytes += length;
        int at = 0;
        while (at < length) {
            if (needed == 0) {
                at = fast(block, at, length);
            }
            // At the end of the block, or at broken UTF-8.
            if (at < length) {
                slow(block[at] & 0xFF);
                at++;
            }
        }
    }

    /** The counts of the whole text; a character that it ends in the middle of counts as a replacement character. */
    Counts end() {
        if (needed > 0) {
            needed = 0;
            count(REPLACEMENT);
        }
        return new Counts(lines, words, characters, bytes);
    }

    /** Counts whole characters, up to a broken one or near the end of the block; returns the index after them. */
    private int fast(byte[] block, int from, int length) {
        int at = from;
        long newLines = 0;
        long newWords = 0;
        long newCharacters = 0;
        // Marked if the character before belongs to no word.
        long apart = inWord ? 0 : 0x80;
        while (at <= length - AHEAD) {
            long eight = (long) EIGHT_BYTES.get(block, at);
            long wide = eight & MARKS;
            // The bits of the ASCII bytes that it begins with; the others become zeros, which are neither line nor
            // white.
            int bits = wide == 0 ? Long.SIZE : Long.numberOfTrailingZeros(wide) - (Byte.SIZE - 1);
            long these = wide == 0 ? -1 : (1L << bits) - 1;
            eight &= these;
            long white = (~differing(eight, ' ') | (atLeast(eight, '\t') & ~atLeast(eight, '\r' + 1))) & MARKS;
            long before = (white << Byte.SIZE) | apart;
            newLines += Long.bitCount(~differing(eight, '\n') & MARKS);
            newWords += Long.bitCount(before & ~white & these);
            newCharacters += bits / Byte.SIZE;
            at += bits / Byte.SIZE;
            if (wide == 0) {
                apart = white >>> (Long.SIZE - Byte.SIZE);
            } else {
                apart = (before >>> bits) & 0x80;
                int size = wideCharacter(block, at);
                if (size == 0) {
                    break;
                }
                newWords += size > 0 ? apart >>> (Byte.SIZE - 1) : 0;
                apart = size > 0 ? 0 : 0x80;
                newCharacters++;
                at += Math.abs(size);
            }
        }
        lines += newLines;
        words += newWords;
        characters += newCharacters;
        inWord = apart == 0;
        return at;
    }

    /** Marks the bytes that differ from this one. */
    private static long differing(long eight, int octet) {
        return (eight ^ (ONES * octet)) + SEVEN_BITS;
    }

    /** Marks the bytes that are at least this large. */
    private static long atLeast(long eight, int octet) {
        return eight + ONES * (0x80 - octet);
    }

    /** The size of the character of several bytes at this index: negative if it is white space, 0 if it is broken. */
    private static int wideCharacter(byte[] block, int at) {
        int first = block[at] & 0xFF;
        if (!isContinuation(block[at + 1])) {
            return 0;
        }
        int bits = block[at + 1] & 0x3F;
        if (first < 0xE0) {
            return first < 0xC2 ? 0 : signed(2, (first & 0x1F) << 6 | bits);
        }
        if (!isContinuation(block[at + 2])) {
            return 0;
        }
        bits = bits << 6 | (block[at + 2] & 0x3F);
        if (first < 0xF0) {
            int codePoint = (first & 0x0F) << 12 | bits;
            boolean isBroken = codePoint < 0x800 || (codePoint & 0xF800) == Character.MIN_SURROGATE;
            return isBroken ? 0 : signed(3, codePoint);
        }
        int codePoint = (first & 0x0F) << 18 | bits << 6 | (block[at + 3] & 0x3F);
        boolean isWhole = isContinuation(block[at + 3])
                && codePoint >= Character.MIN_SUPPLEMENTARY_CODE_POINT
                && codePoint <= Character.MAX_CODE_POINT;
        return isWhole ? 4 : 0;
    }

    private static int signed(int size, int codePoint) {
        return WhiteSpace.isWhite(codePoint) ? -size : size;
    }

    private static boolean isContinuation(byte octet) {
        // 0x80 to 0xBF are the lowest 64 signed values.
        return octet < -0x40;
    }

    private void slow(int octet) {
        if (needed > 0) {
            next(octet);
        } else {
            first(octet);
        }
    }

    /** Takes the first byte of a character. */
    private void first(int octet) {
        if (octet < 0x80) {
            count(octet);
        } else if (octet >= 0xC2 && octet <= 0xDF) {
            begin(1, octet & 0x1F);
        } else if (octet >= 0xE0 && octet <= 0xEF) {
            begin(2, octet & 0x0F);
            lower = octet == 0xE0 ? 0xA0 : lower;
            upper = octet == 0xED ? 0x9F : upper;
        } else if (octet >= 0xF0 && octet <= 0xF4) {
            begin(3, octet & 0x07);
            lower = octet == 0xF0 ? 0x90 : lower;
            upper = octet == 0xF4 ? 0x8F : upper;
        } else {
            count(REPLACEMENT);
        }
    }

    private void begin(int more, int bits) {
        needed = more;
        partial = bits;
    }

    /** Takes another byte of a begun character. A byte that doesn't fit ends it as broken, and begins the next one. */
    private void next(int octet) {
        boolean fits = octet >= lower && octet <= upper;
        lower = 0x80;
        upper = 0xBF;
        if (!fits) {
            needed = 0;
            count(REPLACEMENT);
            first(octet);
            return;
        }
        partial = partial << 6 | (octet & 0x3F);
        needed--;
        if (needed == 0) {
            count(partial);
        }
    }

    private void count(int codePoint) {
        characters++;
        if (codePoint == '\n') {
            lines++;
        }
        boolean isWhite = WhiteSpace.isWhite(codePoint);
        if (!isWhite && !inWord) {
            words++;
        }
        inWord = !isWhite;
    }
}
