package dev.thrum.measure.load;

import dev.thrum.http.syntax.Syntax;
import java.util.Arrays;

/**
 * Finds the ends of HTTP/1.x responses (RFC 9112, 6.3). It reads of a head only what the end depends on.
 *
 * <p>Owned by the thread of the load.
 */
final class HttpReply implements Reply {
    /** The longest head, and the longest line of a chunk. */
    private static final int LONGEST_HEAD = 65_536;

    /** {@code HTTP/1.1 200}, and a blank or the end of the line. */
    private static final int STATUS_LINE = 13;

    private static final int MINOR = 7;
    private static final int STATUS = 9;
    private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};
    private static final byte[] NOTHING = {};

    /** Chunks of more digits would be longer than a {@code long} can count. */
    private static final int MOST_DIGITS = 15;

    private final boolean isHead;

    /** The part of the response that is next. */
    private enum Part {
        HEAD,

        /** {@link #left} bytes of the body. */
        FIXED,
        CHUNK_SIZE,

        /** {@link #left} bytes of a chunk, with its CR LF. */
        CHUNK,
        TRAILER,
        TO_THE_END,
        NOTHING
    }

    private Part part = Part.NOTHING;
    private long left;
    private int status;
    private boolean isLast;

    /** A head, or a line, that has not arrived completely. */
    private byte[] begun = NOTHING;

    private int had;

    HttpReply(boolean isHead) {
        this.isHead = isHead;
    }

    @Override
    public boolean isGreeted() {
        return false;
    }

    @Override
    public void begin() {
        part = Part.HEAD;
        had = 0;
        status = 0;
        isLast = false;
    }

    @Override
    public int take(byte[] bytes, int from, int to) throws MalformedReplyException {
        int at = from;
        while (at < to && part != Part.NOTHING) {
            at = switch (part) {
                case HEAD -> head(bytes, at, to);
                case FIXED, CHUNK -> skip(at, to);
                case CHUNK_SIZE, TRAILER -> line(bytes, at, to);
                case TO_THE_END, NOTHING -> to;
            };
        }
        return at;
    }

    @Override
    public boolean isComplete() {
        return part == Part.NOTHING;
    }

    @Override
    public boolean end() {
        boolean completes = part == Part.TO_THE_END;
        if (completes) {
            part = Part.NOTHING;
        }
        return completes;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public boolean isLast() {
        return isLast;
    }

    private int skip(int at, int to) {
        int skipped = (int) Math.min(left, to - at);
        left -= skipped;
        if (left == 0) {
            part = part == Part.CHUNK ? Part.CHUNK_SIZE : Part.NOTHING;
        }
        return at + skipped;
    }

    private int head(byte[] bytes, int from, int to) throws MalformedReplyException {
        if (had == 0) {
            int end = endOfHead(bytes, from, from, to);
            if (end > 0) {
                parse(bytes, from, end);
                return end;
            }
        }
        int before = had;
        keep(bytes, from, to);
        int end = endOfHead(begun, 0, Math.max(0, before - 3), had);
        if (end == 0) {
            return to;
        }
        had = 0;
        parse(begun, 0, end);
        return from + end - before;
    }

    /** The index after the empty line, which is searched from {@code from} on; 0 if it isn't there. */
    private static int endOfHead(byte[] bytes, int start, int from, int to) {
        for (int at = Math.max(from, start + 1); at < to; at++) {
            if (bytes[at] == '\n'
                    && (bytes[at - 1] == '\n' || (bytes[at - 1] == '\r' && at - 2 >= start && bytes[at - 2] == '\n'))) {
                return at + 1;
            }
        }
        return 0;
    }

    private void keep(byte[] bytes, int from, int to) throws MalformedReplyException {
        int length = had + to - from;
        if (length > LONGEST_HEAD) {
            throw new MalformedReplyException("a head of more than " + LONGEST_HEAD + " bytes");
        }
        if (length > begun.length) {
            begun = Arrays.copyOf(begun, Math.max(length, 2 * begun.length));
        }
        System.arraycopy(bytes, from, begun, had, to - from);
        had = length;
    }

    private void parse(byte[] bytes, int from, int to) throws MalformedReplyException {
        if (to - from < STATUS_LINE || !startsLikeAResponse(bytes, from)) {
            throw new MalformedReplyException("no HTTP/1.1 response");
        }
        status = (bytes[from + STATUS] - '0') * 100
                + (bytes[from + STATUS + 1] - '0') * 10
                + bytes[from + STATUS + 2]
                - '0';
        boolean isOld = bytes[from + MINOR] == '0';
        isLast = isOld;
        long length = -1;
        boolean isChunked = false;
        int line = nextLine(bytes, from, to);
        while (line < to) {
            int next = nextLine(bytes, line, to);
            // The first letter tells most fields apart.
            switch (bytes[line] | 0x20) {
                case 'c' -> {
                    if (isField(bytes, line, next, "content-length")) {
                        length = length(bytes, line, next, length);
                    } else if (isField(bytes, line, next, "connection")) {
                        isLast = isOld
                                ? !hasWord(bytes, line, next, "keep-alive")
                                : isLast || hasWord(bytes, line, next, "close");
                    }
                }
                case 't' ->
                    isChunked |=
                            isField(bytes, line, next, "transfer-encoding") && hasWord(bytes, line, next, "chunked");
                default -> {
                    // Nothing that the end depends on.
                }
            }
            line = next;
        }
        body(length, isChunked);
    }

    private void body(long length, boolean isChunked) {
        if (status < 200) {
            part = Part.HEAD;
        } else if (isHead || status == 204 || status == 304) {
            part = Part.NOTHING;
        } else if (isChunked) {
            part = Part.CHUNK_SIZE;
        } else if (length >= 0) {
            left = length;
            part = length == 0 ? Part.NOTHING : Part.FIXED;
        } else {
            part = Part.TO_THE_END;
            isLast = true;
        }
    }

    private static boolean startsLikeAResponse(byte[] bytes, int from) {
        return Arrays.equals(bytes, from, from + VERSION.length, VERSION, 0, VERSION.length)
                && Syntax.isDigit(bytes[from + MINOR])
                && bytes[from + MINOR + 1] == ' '
                && bytes[from + STATUS] >= '1'
                && bytes[from + STATUS] <= '9'
                && Syntax.isDigit(bytes[from + STATUS + 1])
                && Syntax.isDigit(bytes[from + STATUS + 2])
                && !Syntax.isDigit(bytes[from + STATUS + 3]);
    }

    private static int nextLine(byte[] bytes, int from, int to) {
        int at = from;
        while (bytes[at] != '\n' && at < to - 1) {
            at++;
        }
        return at + 1;
    }

    private static boolean isField(byte[] bytes, int from, int to, String name) {
        int colon = from + name.length();
        return colon < to && bytes[colon] == ':' && Syntax.equalsIgnoringCase(bytes, from, colon, name);
    }

    /** The value of Content-Length; several have to be the same. */
    private static long length(byte[] bytes, int from, int to, long before) throws MalformedReplyException {
        int at = from + "content-length:".length();
        while (at < to && Syntax.isBlank(bytes[at])) {
            at++;
        }
        long value = 0;
        int first = at;
        while (at < to && Syntax.isDigit(bytes[at])) {
            value = value * 10 + bytes[at] - '0';
            at++;
        }
        int digits = at - first;
        while (at < to && (Syntax.isBlank(bytes[at]) || bytes[at] == '\r' || bytes[at] == '\n')) {
            at++;
        }
        if (digits == 0 || digits > MOST_DIGITS || at < to || (before >= 0 && before != value)) {
            throw new MalformedReplyException("a Content-Length that is no number, or several ones");
        }
        return value;
    }

    /** Whether a list of words in a field has this one. */
    private static boolean hasWord(byte[] bytes, int from, int to, String word) {
        for (int at = from; at + word.length() < to; at++) {
            if (Syntax.equalsIgnoringCase(bytes, at, at + word.length(), word)
                    && isSeparator(bytes[at - 1])
                    && isSeparator(bytes[at + word.length()])) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSeparator(byte octet) {
        return octet == ',' || octet == ':' || octet == ';' || octet == '\r' || octet == '\n' || Syntax.isBlank(octet);
    }

    /** A line of the chunked coding: the size of a chunk, or a trailer (RFC 9112, 7.1). */
    private int line(byte[] bytes, int from, int to) throws MalformedReplyException {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        if (at == to) {
            keep(bytes, from, to);
            return to;
        }
        byte[] line = bytes;
        int start = from;
        int end = at;
        if (had > 0) {
            keep(bytes, from, at);
            line = begun;
            start = 0;
            end = had;
            had = 0;
        }
        if (end > start && line[end - 1] == '\r') {
            end--;
        }
        if (part == Part.CHUNK_SIZE) {
            chunk(line, start, end);
        } else if (end == start) {
            part = Part.NOTHING;
        }
        return at + 1;
    }

    private void chunk(byte[] line, int start, int end) throws MalformedReplyException {
        int at = start;
        long size = 0;
        while (at < end && Syntax.hex(line[at]) >= 0) {
            size = size * 16 + Syntax.hex(line[at]);
            at++;
        }
        boolean isEnded = at == end || line[at] == ';' || Syntax.isBlank(line[at]);
        if (at == start || at - start > MOST_DIGITS || !isEnded) {
            throw new MalformedReplyException("a chunk without a size");
        }
        part = size == 0 ? Part.TRAILER : Part.CHUNK;
        left = size + 2;
    }
}
