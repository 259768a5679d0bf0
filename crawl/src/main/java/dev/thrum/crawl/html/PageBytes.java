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

    /** A one in each of eight bytes. */
    static final long ONES = 0x0101_0101_0101_0101L;

    /** The high bit of each of eight bytes. */
    static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private static final int END = -1;
    private static final int MALFORMED = -1;

    private final byte[] bytes;
    private final int from;
    private final Encoding encoding;
    private final boolean isUtf8;

    private PageBytes(byte[] bytes, int from, Encoding encoding) {
        this.bytes = bytes;
        this.from = from;
        this.encoding = encoding;
        this.isUtf8 = encoding.equals(Encoding.UTF8);
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

    /** The eight bytes from this place on; the first one is the lowest. */
    static long eightAt(byte[] bytes, int at) {
        return (long) EIGHT_BYTES.get(bytes, at);
    }

    boolean isUtf8() {
        return isUtf8;
    }

    /**
     * The character outside of ASCII that begins at this place of a page in UTF-8.
     *
     * @param to where it must end at the latest
     * @return -1 if the bytes are malformed
     */
    int utf8At(int at, int to) {
        int lead = bytes[at] & 0xff;
        int count = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (lead < 0xc2 || lead > 0xf4 || count > to - at) {
            return MALFORMED;
        }
        int character = lead & 0x7f >> count;
        for (int i = 1; i < count; i++) {
            byte next = bytes[at + i];
            if ((next & 0xc0) != 0x80) {
                return MALFORMED;
            }
            character = character << 6 | (next & 0x3f);
        }
        boolean isValid = switch (count) {
            case 2 -> true;
            case 3 ->
                character >= 0x800 && (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE);
            default -> Character.isSupplementaryCodePoint(character);
        };
        return isValid ? character : MALFORMED;
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
            long word = eightAt(bytes, at) ^ pattern;
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
