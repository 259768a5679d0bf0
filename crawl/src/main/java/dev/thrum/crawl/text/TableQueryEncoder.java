package dev.thrum.crawl.text;

import dev.thrum.http.client.url.QueryEncoder;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * The encoder of an encoding of one or two bytes a character: its decoder, read from the other side. Where two
 * sequences stand for a character, the first one is used, with the exceptions of the Encoding Standard.
 */
final class TableQueryEncoder implements QueryEncoder {
    private static final int ASCII = 0x80;
    private static final int HIGHEST = 0xfe;
    private static final int LOWEST_TRAIL = 0x40;
    /** The lowest lead byte of Big5 that is written; those below it are Hong Kong's, and only read. */
    private static final int BIG5_WRITTEN = 0xa1;
    /** The characters of Big5 of which the last sequence is used. */
    private static final String BIG5_LAST = "\u2550\u255e\u2561\u256a\u5341\u5345";

    /** No bytes, or no character. */
    static final int MISSING = -1;

    private static final int BYTES = 16;

    /** Code points with their bytes in the lowest bits, in ascending order. */
    private final long[] table;

    private TableQueryEncoder(Map<Integer, Integer> bytes) {
        this.table = bytes.entrySet().stream()
                .mapToLong(entry -> (long) entry.getKey() << BYTES | entry.getValue())
                .sorted()
                .toArray();
    }

    static TableQueryEncoder of(Encoding encoding) {
        Map<Integer, Integer> bytes = new HashMap<>();
        for (int octet = ASCII; octet <= 0xff; octet++) {
            int point = single(encoding.decode(new byte[] {(byte) octet}));
            if (point != MISSING) {
                bytes.putIfAbsent(point, octet);
            }
        }
        for (int lead = ASCII + 1; lead <= HIGHEST; lead++) {
            for (int trail = LOWEST_TRAIL; trail <= HIGHEST; trail++) {
                int point = single(encoding.decode(new byte[] {(byte) lead, (byte) trail}));
                if (point != MISSING && isWritten(encoding.name(), lead, point)) {
                    put(bytes, encoding.name(), point, lead << 8 | trail);
                }
            }
        }
        addJapanese(bytes, encoding.name());
        return new TableQueryEncoder(bytes);
    }

    /** The code point of a text of one, {@link #MISSING} for other texts and for what could not be decoded. */
    private static int single(String text) {
        int point = text.codePointAt(0);
        return text.length() > Character.charCount(point) || point == TextDecoder.REPLACEMENT ? MISSING : point;
    }

    private static boolean isWritten(String encoding, int lead, int point) {
        return switch (encoding) {
            case "Big5" -> lead >= BIG5_WRITTEN;
            // NEC's copies of IBM's characters, and private characters.
            case "Shift_JIS" -> lead != 0xed && lead != 0xee && Character.getType(point) != Character.PRIVATE_USE;
            default -> true;
        };
    }

    private static void put(Map<Integer, Integer> bytes, String encoding, int point, int pair) {
        if (encoding.equals("Big5") && BIG5_LAST.indexOf(point) >= 0) {
            bytes.put(point, pair);
        } else {
            bytes.putIfAbsent(point, pair);
        }
    }

    /** Characters that are written in Japanese encodings, but read as others (Encoding Standard, 12.1.2, 12.3.2). */
    private static void addJapanese(Map<Integer, Integer> bytes, String encoding) {
        if (encoding.equals("EUC-JP") || encoding.equals("Shift_JIS")) {
            bytes.put(0xa5, (int) '\\');
            bytes.put(0x203e, (int) '~');
            Integer minus = bytes.get(0xff0d);
            if (minus != null) {
                bytes.put(0x2212, minus);
            }
        }
    }

    @Override
    public int encode(String text, int from, ByteArrayOutputStream target) {
        int at = from;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            int bytes = bytes(point);
            if (bytes == MISSING) {
                return at;
            }
            write(bytes, target);
            at += Character.charCount(point);
        }
        return at;
    }

    static void write(int bytes, ByteArrayOutputStream target) {
        if (bytes > 0xff) {
            target.write(bytes >> 8);
        }
        target.write(bytes);
    }

    /** The bytes of a code point, the first of two above the lowest eight bits; {@link #MISSING} if it has none. */
    int bytes(int point) {
        if (point < ASCII) {
            return point;
        }
        int low = 0;
        int high = table.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (table[middle] >> BYTES < point) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        boolean isFound = low < table.length && table[low] >> BYTES == point;
        return isFound ? (int) (table[low] & 0xffff) : MISSING;
    }
}
