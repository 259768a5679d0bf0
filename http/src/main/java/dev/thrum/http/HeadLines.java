package dev.thrum.http;

import dev.thrum.engine.ByteReader;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * The lines of a message head, looked at where they lie in the reader's buffer.
 *
 * <p>A line ends with CR LF and nothing else, and holds no other control character than the tab: a recipient that is more
 * generous than the next one sees other messages than it (RFC 9112, 2.2 and 11). Each line is judged as soon as it is
 * there. Owned by the thread that reads.
 */
final class HeadLines {
    private static final int CRLF = 2;
    private static final int SPARE_BYTES = 32;
    private static final int LARGEST_GUESS = 1_024;

    private final ByteReader reader;
    private final Patience patience;

    /** The line lies here until the next one is asked for. */
    private byte[] bytes = new byte[0];

    private int start;
    private int end;

    // How large the last head was; the next one of a connection is mostly alike.
    private int likelyBytes = 64;
    private int likelyFields = 4;

    HeadLines(ByteReader reader, Patience patience) {
        this.reader = reader;
        this.patience = patience;
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    /** Where the line ends, without CR LF, which lie behind it. */
    int end() {
        return end;
    }

    boolean isEmpty() {
        return start == end;
    }

    /**
     * Waits for the next line.
     *
     * @param most how many bytes it may have, without its end
     * @param tooLong makes what is thrown if it has more
     */
    void next(int most, Supplier<HttpException> tooLong) throws IOException {
        int seen = 0;
        while (true) {
            byte[] array = reader.array();
            int from = reader.position();
            int limit = reader.limit();
            int at = Syntax.endOfText(array, from + seen, limit);
            if (at - from > most) {
                throw tooLong.get();
            }
            if (at < limit && isEndOfLine(array, at, limit)) {
                bytes = array;
                start = from;
                end = at;
                reader.skip(at + CRLF - from);
                return;
            }
            seen = at - from;
            if (!patience.awaitMore()) {
                throw HttpException.of(400, "Incomplete message: the connection ended in a line");
            }
        }
    }

    /** Whether a line ends at this control character; false if that can't be told before the next byte is here. */
    private static boolean isEndOfLine(byte[] array, int at, int limit) {
        if (array[at] == '\n') {
            throw HttpException.of(400, "Malformed line: expected CR LF at its end but LF stood alone");
        }
        if (array[at] != '\r') {
            throw HttpException.of(400, "Malformed line: expected no control characters in it");
        }
        if (at + 1 < limit && array[at + 1] != '\n') {
            throw HttpException.of(400, "Malformed line: expected CR LF at its end but CR stood alone");
        }
        return at + 1 < limit;
    }

    /** Reads field lines up to the empty line that ends them. */
    Headers fields(HttpLimits limits) throws IOException {
        Headers.Builder fields = new Headers.Builder(likelyBytes, likelyFields);
        while (true) {
            next(Math.max(0, limits.fieldBytes() - fields.length()), HeadLines::tooLarge);
            if (isEmpty()) {
                likelyBytes = Math.min(fields.length() + SPARE_BYTES, LARGEST_GUESS);
                likelyFields = Math.max(1, fields.size());
                return fields.build();
            }
            if (fields.size() == limits.fields()) {
                throw tooLarge();
            }
            addTo(fields);
        }
    }

    private static HttpException tooLarge() {
        return HttpException.of(431, "Header fields too large");
    }

    private void addTo(Headers.Builder fields) {
        int colon = Syntax.endOfToken(bytes, start, end);
        if (colon == start || colon == end || bytes[colon] != ':') {
            throw HttpException.of(400, malformed(colon));
        }
        int from = colon + 1;
        int to = end;
        while (from < to && Syntax.isBlank(bytes[from])) {
            from++;
        }
        while (from < to && Syntax.isBlank(bytes[to - 1])) {
            to--;
        }
        int shift = fields.addChecked(bytes, start, end + CRLF - start) - start;
        fields.addBounds(start + shift, colon + shift, from + shift, to + shift);
    }

    /** RFC 9112, 5.1 (no blank before the colon) and 5.2 (no folded lines). */
    private String malformed(int colon) {
        if (Syntax.isBlank(bytes[start])) {
            return "Malformed header: expected no line folding";
        }
        if (colon < end && Syntax.isBlank(bytes[colon])) {
            return "Malformed header: expected no blank before the colon";
        }
        return "Malformed header: expected a name, a colon and a value";
    }
}
