package dev.thrum.http.wire;

import dev.thrum.engine.ByteReader;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.syntax.Syntax;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Parses the lines of a message head in place, in the buffer of the reader.
 *
 * <p>A line ends with CR LF only, and has no control character other than the tab. A recipient that accepts more than
 * the next one may see other messages in the same bytes (RFC 9112, 2.2 and 11). Each line is checked as soon as it is
 * complete. Owned by the thread that reads.
 *
 * <p>A tolerant client reads more than that (see {@link dev.thrum.http.syntax.Leniency}), and no further message from a
 * connection once it is {@linkplain #isDoubtful doubtful}.
 */
public final class HeadLines {
    private static final int CRLF = 2;
    private static final int LF = 1;

    /** The length of the end of a line whose end has not arrived completely. */
    private static final int UNKNOWN = 0;

    /** In place of the length of an end: the control character belongs to the line. */
    private static final int NO_END = -1;

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final ByteReader reader;
    private final ReadBudget budget;

    /** Has the current line, until the next one is requested. */
    private byte[] bytes = NOTHING;

    private int start;
    private int end;

    private final boolean tolerant;

    /** Whether a message was malformed in a way that was tolerated; stays so, because nothing after it is certain. */
    private boolean doubtful;

    /** The number of bytes that end the line that was found last. */
    private int endLength = CRLF;

    /** The number of fields of the last head; the next one on a connection mostly has as many. */
    private int likelyFields = 4;

    /** The lines of messages that must be well formed. */
    public HeadLines(ByteReader reader, ReadBudget budget) {
        this(reader, budget, false);
    }

    public HeadLines(ByteReader reader, ReadBudget budget, boolean tolerant) {
        this.reader = reader;
        this.budget = budget;
        this.tolerant = tolerant;
    }

    public boolean isTolerant() {
        return tolerant;
    }

    /** Records that the end of a message is in doubt. */
    public void doubt() {
        doubtful = true;
    }

    /** Whether the end of any message so far is in doubt. */
    public boolean isDoubtful() {
        return doubtful;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    /** The index after the line; its CR LF or LF follows. */
    public int end() {
        return end;
    }

    /** Forgets the current line, because the connection may give up the buffer. */
    void forget() {
        bytes = NOTHING;
    }

    public boolean isEmpty() {
        return start == end;
    }

    /**
     * Waits for the next line.
     *
     * @param most the maximum length of the line in bytes, without its end
     * @param tooLong makes the exception that is thrown for a longer line
     */
    public void next(int most, Supplier<HttpException> tooLong) throws IOException {
        int length = line(0, most, tooLong);
        bytes = reader.array();
        start = reader.position();
        end = start + length;
        budget.skip(length + endLength);
    }

    /**
     * Waits for the line that begins this many bytes after the reader's position; returns its length without its end.
     */
    private int line(int offset, int most, Supplier<HttpException> tooLong) throws IOException {
        int seen = 0;
        while (true) {
            byte[] array = reader.array();
            int from = reader.position() + offset;
            int limit = reader.limit();
            int at = Syntax.endOfText(array, from + seen, limit);
            if (at - from > most) {
                throw tooLong.get();
            }
            seen = at - from;
            if (at < limit) {
                endLength = endOfLine(array, at, limit);
                if (endLength > 0) {
                    return seen;
                }
                if (endLength == NO_END) {
                    seen++;
                    continue;
                }
            }
            if (!budget.awaitMore()) {
                throw HttpException.of(400, "Incomplete message: the connection ended in a line");
            }
        }
    }

    /**
     * The number of bytes that end a line at this control character; {@link #UNKNOWN} if that depends on a byte that
     * has not arrived.
     */
    private int endOfLine(byte[] array, int at, int limit) {
        if (array[at] == '\r') {
            if (at + 1 == limit) {
                return UNKNOWN;
            }
            if (array[at + 1] == '\n') {
                return CRLF;
            }
        }
        if (!tolerant) {
            throw malformedEnd(array[at]);
        }
        // Leniency.LINE_FEED_ONLY and CONTROL_CHARACTERS
        doubtful = true;
        return array[at] == '\n' ? LF : NO_END;
    }

    private static HttpException malformedEnd(byte control) {
        return HttpException.of(
                400,
                switch (control) {
                    case '\n' -> "Malformed line: expected CR LF at its end but there is only LF";
                    case '\r' -> "Malformed line: expected CR LF at its end but there is only CR";
                    default -> "Malformed line: expected no control characters in it";
                });
    }

    /**
     * Reads field lines up to the empty line that ends them. They stay in the reader's buffer until all have arrived,
     * and are copied as one block.
     */
    public Headers fields(HttpLimits limits) throws IOException {
        forget();
        if (tolerant) {
            return looseFields(limits);
        }
        int[] bounds = new int[likelyFields * Headers.BOUNDS];
        int count = 0;
        int size = 0;
        int length = line(0, limits.fieldBytes(), HeadLines::tooLarge);
        while (length > 0) {
            if (count == limits.fields()) {
                throw tooLarge();
            }
            if (count * Headers.BOUNDS == bounds.length) {
                bounds = Arrays.copyOf(bounds, bounds.length * 2);
            }
            field(size, length, bounds, count * Headers.BOUNDS);
            count++;
            size += length + CRLF;
            length = line(size, Math.max(0, limits.fieldBytes() - size), HeadLines::tooLarge);
        }
        Headers fields = Headers.checked(reader.array(), reader.position(), size, bounds, count);
        budget.skip(size + CRLF);
        likelyFields = Math.max(1, count);
        return fields;
    }

    /** The same for lines that need not be well formed; each is consumed when it has arrived. */
    private Headers looseFields(HttpLimits limits) throws IOException {
        LooseFields fields = new LooseFields();
        int size = 0;
        int length = line(0, limits.fieldBytes(), HeadLines::tooLarge);
        while (length > 0) {
            int from = reader.position();
            fields.add(reader.array(), from, from + length);
            if (fields.lines() > limits.fields()) {
                throw tooLarge();
            }
            size += length + endLength;
            budget.skip(length + endLength);
            length = line(0, Math.max(0, limits.fieldBytes() - size), HeadLines::tooLarge);
        }
        budget.skip(endLength);
        doubtful |= fields.areDoubtful();
        return fields.build();
    }

    /** The next fields, if all of them have arrived and are well formed; else none. Does not wait. */
    public Headers fieldsHere(HttpLimits limits) throws IOException {
        int seen = 0;
        while (!isEndOfHead(seen)) {
            if (reader.position() + seen + HEAD_END.length < reader.limit()) {
                seen++;
            } else if (seen > limits.fieldBytes() || reader.available() <= reader.limit() - reader.position()) {
                return Headers.none();
            } else if (!budget.awaitMore()) {
                return Headers.none();
            }
        }
        try {
            return fields(limits);
        } catch (HttpException e) {
            return Headers.none();
        }
    }

    private boolean isEndOfHead(int offset) {
        int from = reader.position() + offset;
        int to = from + HEAD_END.length;
        return to <= reader.limit() && Arrays.equals(reader.array(), from, to, HEAD_END, 0, HEAD_END.length);
    }

    private static HttpException tooLarge() {
        return HttpException.of(431, "Header fields too large");
    }

    /** Finds the name and value of the field at this offset of the block, and stores their bounds. */
    private void field(int offset, int length, int[] bounds, int at) {
        byte[] array = reader.array();
        int block = reader.position();
        int from = block + offset;
        int to = from + length;
        int colon = Syntax.endOfToken(array, from, to);
        if (colon == from || colon == to || array[colon] != ':') {
            throw HttpException.of(400, malformed(array, from, colon, to));
        }
        int first = colon + 1;
        while (first < to && Syntax.isBlank(array[first])) {
            first++;
        }
        while (first < to && Syntax.isBlank(array[to - 1])) {
            to--;
        }
        bounds[at] = offset;
        bounds[at + 1] = colon - block;
        bounds[at + 2] = first - block;
        bounds[at + 3] = to - block;
    }

    /** The error message, by RFC 9112, 5.1 (no blank before the colon) and 5.2 (no folded lines). */
    private static String malformed(byte[] array, int start, int colon, int end) {
        if (Syntax.isBlank(array[start])) {
            return "Malformed header: expected no line folding";
        }
        if (colon < end && Syntax.isBlank(array[colon])) {
            return "Malformed header: expected no blank before the colon";
        }
        return "Malformed header: expected a name, a colon and a value";
    }
}
