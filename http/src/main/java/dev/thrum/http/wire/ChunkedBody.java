package dev.thrum.http.wire;

import dev.thrum.http.BodySource;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.syntax.ChunkExtensions;
import dev.thrum.http.syntax.Syntax;
import java.io.IOException;

/**
 * A body in chunks, each after its size, optionally with trailer fields at the end (RFC 9112, section 7.1).
 *
 * <p>Extensions are checked and ignored, and their bytes are bounded: otherwise a peer could send many of them with a
 * small body. Owned by the thread that reads.
 */
public final class ChunkedBody implements BodySource {
    /** More digits are refused, even if they are zeros. */
    private static final int MOST_DIGITS = 15;

    private static final int LONGEST_LINE = 256;
    private static final int MOST_EXTENSION_BYTES = 8 * 1024;
    private final HeadLines lines;
    private final ReadBudget budget;
    private final HttpLimits limits;

    private long left;
    private boolean begun;
    private boolean ended;
    private int extensionBytes;
    private Headers trailers = Headers.none();

    public ChunkedBody(HeadLines lines, ReadBudget budget, HttpLimits limits) {
        this.lines = lines;
        this.budget = budget;
        this.limits = limits;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = budget.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw HttpException.of(400, "Incomplete body: the connection ended within a chunk");
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (begun) {
            lines.next(0, ChunkedBody::tooLong);
        }
        begun = true;
        lines.next(LONGEST_LINE, ChunkedBody::lineTooLong);
        left = size();
        lines.forget();
        if (left == 0) {
            trailers = trailerFields();
            ended = true;
        }
    }

    private Headers trailerFields() throws IOException {
        try {
            return lines.fields(limits);
        } catch (HttpException e) {
            if (!lines.isTolerant() || !budget.hasEnded() || e.status() == 431) {
                throw e;
            }
            // Leniency.END_AFTER_LAST_CHUNK
            lines.doubt();
            return Headers.none();
        }
    }

    private static HttpException tooLong() {
        return HttpException.of(400, "Malformed chunk: expected CR LF at its end, as its size says");
    }

    private static HttpException lineTooLong() {
        return HttpException.of(
                400, "Malformed chunk: expected a line of at most " + LONGEST_LINE + " bytes with its size");
    }

    private long size() {
        byte[] bytes = lines.bytes();
        long size = 0;
        int at = lines.start();
        while (at < lines.end() && Syntax.hex(bytes[at]) >= 0) {
            if (at - lines.start() == MOST_DIGITS) {
                throw HttpException.of(
                        413, "Content too large: a chunk size has more than " + MOST_DIGITS + " hexadecimal digits");
            }
            size = size << 4 | Syntax.hex(bytes[at]);
            at++;
        }
        if (at == lines.start()) {
            throw HttpException.of(400, "Malformed chunk: expected its size in hexadecimal digits");
        }
        requireExtension(bytes, at);
        return size;
    }

    private void requireExtension(byte[] bytes, int from) {
        if (from == lines.end()) {
            return;
        }
        int at = from;
        // Leniency.BLANKS_BEFORE_CHUNK_EXTENSION
        while (at < lines.end() && Syntax.isBlank(bytes[at])) {
            at++;
        }
        boolean semicolon = at < lines.end() && bytes[at] == ';';
        boolean valid = semicolon && ChunkExtensions.areValid(bytes, at, lines.end());
        if (!valid && lines.isTolerant() && (semicolon || at == lines.end())) {
            // Leniency.MALFORMED_CHUNK_EXTENSION
            lines.doubt();
        } else if (!semicolon) {
            throw HttpException.of(400, "Malformed chunk: expected a semicolon or nothing after its size");
        } else if (!valid) {
            throw HttpException.of(
                    400, "Malformed chunk: expected extensions as ;name, ;name=value or ;name=\"value\"");
        }
        extensionBytes += lines.end() - at;
        if (extensionBytes > MOST_EXTENSION_BYTES) {
            throw HttpException.of(
                    400, "Malformed chunks: expected at most " + MOST_EXTENSION_BYTES + " bytes of chunk extensions");
        }
    }

    @Override
    public long declared() {
        return UNKNOWN;
    }

    @Override
    public Headers trailers() {
        return trailers;
    }
}
