package dev.thrum.crawl.html;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.crawl.text.Ascii;
import dev.thrum.crawl.text.Encoding;
import dev.thrum.crawl.text.PageEncoding;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bytes of a page in an encoding in which markup is ASCII and no byte of ASCII is part of another character. */
final class PageBytes {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final int END = -1;

    private final byte[] bytes;
    private final int from;
    private final Encoding encoding;

    private PageBytes(byte[] bytes, int from, Encoding encoding) {
        this.bytes = bytes;
        this.from = from;
        this.encoding = encoding;
    }

    /** The bytes of this body; in UTF-8 if its own encoding is not of that kind. */
    static PageBytes of(byte[] body, PageEncoding encoding) {
        return encoding.encoding().keepsAscii()
                ? new PageBytes(body, encoding.from(), encoding.encoding())
                : new PageBytes(encoding.decode(body).getBytes(UTF_8), 0, Encoding.UTF8);
    }

    /** The array; not to be changed. */
    byte[] array() {
        return bytes;
    }

    /** Where the page begins. */
    int from() {
        return from;
    }

    /** Where the page ends. */
    int to() {
        return bytes.length;
    }

    /** The text in this range, without regard to character references. */
    String text(int begin, int end) {
        return encoding.decode(bytes, begin, end);
    }

    /** The byte at this place; -1 after the end. */
    int octet(int at) {
        return at < bytes.length ? bytes[at] & 0xff : END;
    }

    /** Where this character of ASCII is next; the end if it is not there any more. */
    int indexOf(char sought, int begin) {
        long pattern = sought * ONES;
        int at = begin;
        for (; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
            long word = (long) EIGHT_BYTES.get(bytes, at) ^ pattern;
            long zeros = (word - ONES) & ~word & HIGH_BITS;
            if (zeros != 0) {
                return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        while (at < bytes.length && bytes[at] != sought) {
            at++;
        }
        return at;
    }

    /** Where a tag ends that has no attributes to be understood: after the next bracket, or at the end. */
    int afterBracket(int begin) {
        return Math.min(indexOf('>', begin) + 1, bytes.length);
    }

    /** Whether this text in lower case is at this place, in any case. */
    boolean startsWith(int at, String text) {
        if (at + text.length() > bytes.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Ascii.lower(bytes[at + i]) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether there are only white space and NUL in this range. */
    boolean isBlank(int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (!Ascii.isSpace(bytes[i]) && bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
