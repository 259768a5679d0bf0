package dev.thrum.http.wire;

import dev.thrum.http.Headers;
import dev.thrum.http.syntax.Syntax;
import java.util.Arrays;

/**
 * The fields of a head whose lines need not be well formed, as a well-formed block of lines. Owned by the thread that
 * reads.
 */
final class LooseFields {
    private static final byte[] COLON = {':', ' '};
    private static final int LINE_END = 2;

    private byte[] block = new byte[512];
    private int length;
    private int[] bounds = new int[8 * Headers.BOUNDS];
    private int count;
    private int lines;
    private boolean doubtful;

    /** Whether the line before was a field, so that a folded line continues it. */
    private boolean continuable;

    /** The number of lines that were added, without those that continue a field. */
    int lines() {
        return lines;
    }

    /** Whether a line was not well formed. */
    boolean areDoubtful() {
        return doubtful;
    }

    /** Adds a line without its end, which is not empty. */
    void add(byte[] array, int from, int to) {
        if (Syntax.isBlank(array[from])) {
            fold(array, from, to);
            return;
        }
        lines++;
        int endOfName = Syntax.endOfToken(array, from, to);
        int colon = endOfName;
        while (colon < to && Syntax.isBlank(array[colon])) {
            colon++;
        }
        // Leniency.LINE_WITHOUT_FIELD
        continuable = endOfName > from && colon < to && array[colon] == ':';
        // Leniency.BLANK_BEFORE_COLON
        doubtful |= !continuable || colon > endOfName;
        if (continuable) {
            field(array, from, endOfName, colon + 1, to);
        }
    }

    private void field(byte[] array, int from, int endOfName, int value, int to) {
        if (count * Headers.BOUNDS == bounds.length) {
            bounds = Arrays.copyOf(bounds, bounds.length * 2);
        }
        int at = count * Headers.BOUNDS;
        count++;
        bounds[at] = length;
        append(array, from, endOfName);
        bounds[at + 1] = length;
        append(COLON, 0, COLON.length);
        bounds[at + 2] = length;
        appendStripped(array, value, to);
        endField();
    }

    /** Leniency.FOLDED_FIELD; RFC 9112, 2.2 says that such a line before all fields is ignored. */
    private void fold(byte[] array, int from, int to) {
        doubtful = true;
        if (!continuable) {
            return;
        }
        length -= LINE_END;
        if (length > bounds[(count - 1) * Headers.BOUNDS + 2]) {
            append(COLON, 1, COLON.length);
        }
        appendStripped(array, from, to);
        endField();
    }

    private void endField() {
        // A folded line may have had only blanks.
        while (length > bounds[(count - 1) * Headers.BOUNDS + 2] && Syntax.isBlank(block[length - 1])) {
            length--;
        }
        bounds[(count - 1) * Headers.BOUNDS + 3] = length;
        ensureRoom(LINE_END);
        block[length++] = '\r';
        block[length++] = '\n';
    }

    private void appendStripped(byte[] array, int from, int to) {
        int first = from;
        while (first < to && isBlankOrControl(array[first])) {
            first++;
        }
        int end = to;
        while (first < end && isBlankOrControl(array[end - 1])) {
            end--;
        }
        append(array, first, end);
    }

    /** Appends bytes; a control character becomes a space (Leniency.CONTROL_CHARACTERS). */
    private void append(byte[] array, int from, int to) {
        ensureRoom(to - from);
        for (int at = from; at < to; at++) {
            block[length++] = isControl(array[at]) ? (byte) ' ' : array[at];
        }
    }

    private void ensureRoom(int bytes) {
        if (block.length - length < bytes) {
            block = Arrays.copyOf(block, Math.max(length + bytes, block.length * 2));
        }
    }

    private static boolean isBlankOrControl(byte b) {
        return b == ' ' || b == '\t' || isControl(b);
    }

    private static boolean isControl(byte b) {
        return (b >= 0 && b < ' ' && b != '\t') || b == 0x7f;
    }

    Headers build() {
        return Headers.checked(block, 0, length, bounds, count);
    }
}
