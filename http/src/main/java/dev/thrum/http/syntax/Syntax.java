package dev.thrum.http.syntax;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bytes that each part of a message head may have (RFC 9110, sections 5.5 and 5.6; RFC 9112; RFC 3986). */
public final class Syntax {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long BLANKS = 0x2020_2020_2020_2020L;
    private static final long DELS = 0x7f7f_7f7f_7f7f_7f7fL;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private static final byte TOKEN = 1;
    private static final byte TEXT = 2;
    private static final byte PATH = 4;
    private static final byte QUERY = 8;
    private static final byte HOST = 16;
    private static final String SUB_DELIMS = "!$&'()*+,;=";
    private static final String UNRESERVED_MARKS = "-._~";

    private static final byte[] KINDS = new byte[256];

    static {
        for (char c = 0; c < KINDS.length; c++) {
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (alphanumeric) {
                KINDS[c] |= TOKEN | PATH | QUERY | HOST;
            }
            // Bytes above 0x7f are opaque text (obs-text), never syntax.
            if (c == '\t' || (c >= ' ' && c != 0x7f)) {
                KINDS[c] |= TEXT;
            }
        }
        mark(TOKEN, "!#$%&'*+-.^_`|~");
        mark(PATH, UNRESERVED_MARKS + SUB_DELIMS + ":@/%");
        mark(QUERY, UNRESERVED_MARKS + SUB_DELIMS + ":@/%?");
        mark(PATH, Leniency.UNWISE_IN_PATH.characters());
        mark(QUERY, Leniency.UNWISE_IN_QUERY.characters());
        mark(HOST, UNRESERVED_MARKS + SUB_DELIMS + "%");
    }

    private Syntax() {}

    private static void mark(byte kind, String characters) {
        characters.chars().forEach(c -> KINDS[c] |= kind);
    }

    public static boolean isToken(byte b) {
        return (KINDS[b & 0xff] & TOKEN) != 0;
    }

    public static boolean isToken(byte[] bytes, int start, int end) {
        return start < end && end(TOKEN, bytes, start, end) == end;
    }

    public static boolean isToken(String text) {
        return !text.isEmpty() && isAll(TOKEN, text);
    }

    /** Whether the text may be in a field value: ISO 8859-1, and no control character other than the tab. */
    public static boolean isText(String text) {
        return isAll(TEXT, text);
    }

    private static boolean isAll(byte kind, String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) < KINDS.length && (KINDS[text.charAt(at)] & kind) != 0) {
            at++;
        }
        return at == text.length();
    }

    /** The end of the text: the index of the first control character other than the tab, or {@code end}. */
    public static int endOfText(byte[] bytes, int start, int end) {
        int at = start;
        while (at + Long.BYTES <= end) {
            long special = specialBytes((long) EIGHT_BYTES.get(bytes, at));
            if (special == 0) {
                at += Long.BYTES;
            } else {
                at += Long.numberOfTrailingZeros(special) / Byte.SIZE;
                if (bytes[at] != '\t') {
                    return at;
                }
                at++;
            }
        }
        return end(TEXT, bytes, at, end);
    }

    /**
     * Marks, by its highest bit, the first of eight bytes that is below a blank or is DEL, and perhaps bytes after it.
     * Both subtractions are done on all bytes at once; a borrow changes only the bytes after such a byte.
     */
    private static long specialBytes(long word) {
        long belowBlank = (word - BLANKS) & ~word;
        long notDel = word ^ DELS;
        long del = (notDel - ONES) & ~notDel;
        return (belowBlank | del) & HIGH_BITS;
    }

    public static int endOfToken(byte[] bytes, int start, int end) {
        return end(TOKEN, bytes, start, end);
    }

    public static int endOfPath(byte[] bytes, int start, int end) {
        return end(PATH, bytes, start, end);
    }

    public static int endOfQuery(byte[] bytes, int start, int end) {
        return end(QUERY, bytes, start, end);
    }

    static int endOfHost(byte[] bytes, int start, int end) {
        return end(HOST, bytes, start, end);
    }

    private static int end(byte kind, byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && (KINDS[bytes[at] & 0xff] & kind) != 0) {
            at++;
        }
        return at;
    }

    /** The value of a hexadecimal digit, or -1. */
    public static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    public static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    public static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    /** Whether these bytes are this text, ignoring the case of ASCII letters. */
    public static boolean equalsIgnoringCase(byte[] bytes, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = start; i < end; i++) {
            int mine = bytes[i];
            int other = text.charAt(i - start);
            if (mine != other && (lower(mine) != lower(other))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }

    /** Whether these bytes are this text. */
    public static boolean equals(byte[] bytes, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        int at = start;
        while (at < end && bytes[at] == text.charAt(at - start)) {
            at++;
        }
        return at == end;
    }
}
