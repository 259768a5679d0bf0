package dev.thrum.base;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object in one line (RFC 8259), built as UTF-8. Characters that could end the line or control a terminal are
 * escaped, whoever has sent them.
 *
 * <p>It can be used for one line after the other: {@link #cut} goes back to what all of them begin with. Owned by one
 * thread.
 */
public final class JsonLine {
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
    private static final byte[] NULL = "null".getBytes(US_ASCII);
    private static final byte[] TRUE = "true".getBytes(US_ASCII);
    private static final byte[] FALSE = "false".getBytes(US_ASCII);

    /** The bytes of the longest form of a code point: two escapes. */
    private static final int LONGEST_CHARACTER = 12;

    /** The bytes of the longest number. */
    private static final int LONGEST_NUMBER = Long.toString(Long.MIN_VALUE).length();

    /** The bytes that may follow a member: an end of the object and of the line. */
    private static final int LONGEST_END = 2;

    /** Whether a character of ASCII is written as it is. */
    private static final boolean[] PLAIN = plainCharacters();

    // Both have room for LONGEST_END more, always.
    private byte[] bytes = new byte[256];
    private int size;

    /** An object without members. */
    public JsonLine() {
        bytes[size++] = '{';
    }

    private static boolean[] plainCharacters() {
        boolean[] plain = new boolean[128];
        Arrays.fill(plain, ' ', 127, true);
        plain['"'] = false;
        plain['\\'] = false;
        return plain;
    }

    /** Adds a member with a text; null is JSON's {@code null}. */
    public JsonLine with(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            raw(NULL);
        } else {
            string(value);
        }
        return this;
    }

    /** Adds a member with a text if there is one; null adds nothing. */
    public JsonLine withAny(String name, @Nullable String value) {
        return value == null ? this : with(name, value);
    }

    public JsonLine with(String name, long value) {
        name(name);
        number(value);
        return this;
    }

    /** Adds a member with a number; JSON has no infinite ones, and none for "not a number": those are {@code null}. */
    public JsonLine with(String name, double value) {
        name(name);
        raw(Double.isFinite(value) ? Double.toString(value).getBytes(US_ASCII) : NULL);
        return this;
    }

    public JsonLine with(String name, boolean value) {
        name(name);
        raw(value ? TRUE : FALSE);
        return this;
    }

    /** Adds a member with an array of texts. */
    public JsonLine withAll(String name, List<String> values) {
        array(name, values, this::string);
        return this;
    }

    /** Adds a member with an array of objects, as they are now. */
    public JsonLine withObjects(String name, List<JsonLine> values) {
        array(name, values, this::object);
        return this;
    }

    private <T> void array(String name, List<T> values, Consumer<T> adding) {
        name(name);
        makeRoom(1);
        bytes[size++] = '[';
        boolean isFirst = true;
        for (T value : values) {
            if (!isFirst) {
                makeRoom(1);
                bytes[size++] = ',';
            }
            isFirst = false;
            adding.accept(value);
        }
        makeRoom(1);
        bytes[size++] = ']';
    }

    /** Adds a member with an object, as it is now. */
    public JsonLine withObject(String name, JsonLine value) {
        name(name);
        object(value);
        return this;
    }

    private void object(JsonLine value) {
        int length = value.size;
        makeRoom(length + 1);
        System.arraycopy(value.bytes, 0, bytes, size, length);
        size += length;
        bytes[size++] = '}';
    }

    /** The number of bytes up to now; for {@link #cut}. */
    public int length() {
        return size;
    }

    /**
     * Removes all members that were added since the object had this length.
     *
     * @throws IllegalArgumentException if it never had this length since the last cut
     */
    public void cut(int length) {
        if (length < 1 || length > size) {
            throw new IllegalArgumentException("expected a length from 1 to " + size + " but was " + length);
        }
        size = length;
    }

    /** Writes the object and a line feed, in one write. More members can be added to it for another line. */
    public void writeTo(OutputStream out) throws IOException {
        bytes[size] = '}';
        bytes[size + 1] = '\n';
        out.write(bytes, 0, size + LONGEST_END);
    }

    private void name(String name) {
        if (size > 1) {
            makeRoom(1);
            bytes[size++] = ',';
        }
        string(name);
        makeRoom(1);
        bytes[size++] = ':';
    }

    private void raw(byte[] value) {
        makeRoom(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    private void number(long value) {
        makeRoom(LONGEST_NUMBER);
        if (value < 0) {
            bytes[size++] = '-';
        }
        int end = size + digits(value);
        // Negative numbers reach further than positive ones.
        long left = value < 0 ? value : -value;
        for (int at = end - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' - left % 10);
            left /= 10;
        }
        size = end;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long left = value / 10; left != 0; left /= 10) {
            digits++;
        }
        return digits;
    }

    private void string(String value) {
        makeRoom(value.length() + 2);
        bytes[size++] = '"';
        int at = plain(value, 0);
        while (at < value.length()) {
            int point = value.codePointAt(at);
            at += Character.charCount(point);
            makeRoom(LONGEST_CHARACTER + value.length() - at + 1);
            character(point);
            at = plain(value, at);
        }
        bytes[size++] = '"';
    }

    /**
     * Adds the characters from an index on that need no other form, for which there is room; returns the index after
     * them.
     */
    private int plain(String value, int from) {
        byte[] target = bytes;
        int to = size;
        int at = from;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c >= PLAIN.length || !PLAIN[c]) {
                break;
            }
            target[to++] = (byte) c;
            at++;
        }
        size = to;
        return at;
    }

    private void character(int point) {
        switch (point) {
            case '"', '\\' -> escape(point);
            case '\n' -> escape('n');
            case '\r' -> escape('r');
            case '\t' -> escape('t');
            default -> {
                if (Printable.isSafe(point)) {
                    utf8(point);
                } else {
                    for (char unit : Character.toChars(point)) {
                        unicode(unit);
                    }
                }
            }
        }
    }

    private void escape(int letter) {
        bytes[size++] = '\\';
        bytes[size++] = (byte) letter;
    }

    private void unicode(char unit) {
        escape('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[size++] = HEX[unit >> shift & 0xf];
        }
    }

    /** Adds a code point beyond ASCII that is no half of a surrogate pair (RFC 3629, 3). */
    private void utf8(int point) {
        if (point < 0x800) {
            bytes[size++] = (byte) (0xc0 | (point >> 6));
        } else if (point < 0x10000) {
            bytes[size++] = (byte) (0xe0 | (point >> 12));
            bytes[size++] = (byte) (0x80 | (point >> 6 & 0x3f));
        } else {
            bytes[size++] = (byte) (0xf0 | (point >> 18));
            bytes[size++] = (byte) (0x80 | (point >> 12 & 0x3f));
            bytes[size++] = (byte) (0x80 | (point >> 6 & 0x3f));
        }
        bytes[size++] = (byte) (0x80 | (point & 0x3f));
    }

    private void makeRoom(int more) {
        int least = Math.addExact(Math.addExact(size, more), LONGEST_END);
        if (least > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(least, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }

    /** The object, without a line end. */
    @Override
    public String toString() {
        return new String(bytes, 0, size, UTF_8) + "}";
    }
}
