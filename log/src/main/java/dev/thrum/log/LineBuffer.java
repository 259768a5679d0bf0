package dev.thrum.log;

import dev.thrum.base.AddressText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A buffer of lines for a file, built as bytes without a string for each line. Owned by the thread that writes.
 *
 * <p>{@link #beginLine} makes room for the longest possible line, so the other methods don't check for room.
 */
final class LineBuffer {
    /**
     * More than the longest line. A record has at most 5,824 characters that a client chose, each of which takes at most
     * six bytes, and there are names and separators between them.
     */
    private static final int LONGEST_LINE = 48 * 1024;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "\\ufffd".getBytes(StandardCharsets.US_ASCII);

    /** Whether a character needs no escaping in either format. */
    private static final boolean[] PLAIN = plain();

    private byte[] bytes = new byte[2 * LONGEST_LINE];
    private int size;
    private final byte[] digits = new byte[Long.toString(Long.MIN_VALUE).length()];

    private static boolean[] plain() {
        boolean[] plain = new boolean[128];
        Arrays.fill(plain, ' ', 127, true);
        plain['"'] = false;
        plain['\\'] = false;
        return plain;
    }

    void clear() {
        size = 0;
    }

    /** Makes room for one line; called before each. */
    void beginLine() {
        if (bytes.length - size < LONGEST_LINE) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
    }

    int size() {
        return size;
    }

    /** The bytes; valid until the buffer is used again. */
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    void add(byte[] source) {
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    void add(char ascii) {
        bytes[size++] = (byte) ascii;
    }

    /** Adds a number, with leading zeros if it has fewer digits than {@code width}. */
    void number(long value, int width) {
        int at = digits.length;
        long left = Math.abs(value);
        do {
            digits[--at] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        while (digits.length - at < width) {
            digits[--at] = '0';
        }
        if (value < 0) {
            add('-');
        }
        System.arraycopy(digits, at, bytes, size, digits.length - at);
        size += digits.length - at;
    }

    void number(long value) {
        number(value, 1);
    }

    void address(InetAddress address) {
        if (address instanceof Inet4Address) {
            byte[] parts = address.getAddress();
            for (int i = 0; i < parts.length; i++) {
                if (i > 0) {
                    add('.');
                }
                number(parts[i] & 0xff);
            }
        } else {
            quoted(AddressText.of(address));
        }
    }

    /**
     * Adds a text for between the quotes of a line in the common format. Quotes, backslashes and everything but printable
     * ASCII become {@code \xHH}, byte by byte.
     */
    void quoted(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < PLAIN.length && PLAIN[c]) {
                bytes[size++] = (byte) c;
            } else if (c < 0x100) {
                escaped(c);
            } else {
                i += escapedWide(text, i);
            }
        }
    }

    private void escaped(int value) {
        add('\\');
        add('x');
        bytes[size++] = HEX[value >> 4 & 0xf];
        bytes[size++] = HEX[value & 0xf];
    }

    /** Adds a character beyond the bytes of a request, in UTF-8; returns how many more {@code char}s it took. */
    private int escapedWide(String text, int at) {
        int point = text.codePointAt(at);
        for (byte unit : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
            escaped(unit & 0xff);
        }
        return Character.charCount(point) - 1;
    }

    /** Adds a text for between the quotes of a JSON string (RFC 8259, 7), in ASCII. */
    void json(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < PLAIN.length && PLAIN[c]) {
                bytes[size++] = (byte) c;
            } else if (c == '"' || c == '\\') {
                add('\\');
                add(c);
            } else if (!Character.isSurrogate(c)) {
                unicode(c);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                unicode(c);
                unicode(text.charAt(++i));
            } else {
                // An unpaired surrogate: parsers treat it differently (RFC 8259, 8.2).
                add(REPLACEMENT);
            }
        }
    }

    private void unicode(char c) {
        add('\\');
        add('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[size++] = HEX[c >> shift & 0xf];
        }
    }
}
