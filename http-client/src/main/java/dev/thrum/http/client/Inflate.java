package dev.thrum.http.client;

import dev.thrum.http.client.ResponseException.Kind;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the coding {@code deflate}: deflated data in the zlib format (RFC 1950) or without any (RFC 1951). Owned by
 * the thread that reads.
 *
 * <p>The first two bytes tell the forms apart: deflated data that begins like zlib's header would be a stored block with
 * a set padding bit, which no encoder writes.
 */
final class Inflate implements Decoder {
    private static final int BUFFER = 8 * 1024;
    private static final int DEFLATE = 8;
    private static final int CHECK = 31;

    private final RewindableInput in;
    private final boolean tolerant;
    private final byte[] buffer = new byte[BUFFER];

    /** Made at the first read. */
    private @Nullable Inflater inflater;

    private @Nullable DataFormatException malformed;

    private boolean closed;

    Inflate(RewindableInput in, boolean tolerant) {
        this.in = in;
        this.tolerant = tolerant;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Inflater current = inflater();
        if (malformed != null) {
            throw new ResponseException(Kind.MALFORMED, "Malformed deflate: expected deflated data", malformed);
        }
        long before = current.getBytesWritten();
        try {
            while (!current.finished()) {
                int count = current.inflate(target, offset, length);
                if (count > 0) {
                    return count;
                }
                if (current.needsDictionary()) {
                    throw ResponseException.malformed("Malformed deflate: expected no preset dictionary");
                }
                if (!current.finished() && current.needsInput()) {
                    fill(current);
                }
            }
        } catch (DataFormatException e) {
            // What came before the error is content, however the data was cut into reads.
            malformed = e;
            int count = (int) (current.getBytesWritten() - before);
            return count > 0 ? count : read(target, offset, length);
        }
        end(current.getRemaining());
        return -1;
    }

    private Inflater inflater() throws IOException {
        if (inflater == null) {
            byte[] header = in.peek(2);
            boolean zlib = header.length == 2
                    && (header[0] & 0xf) == DEFLATE
                    && ((header[0] & 0xff) << 8 | (header[1] & 0xff)) % CHECK == 0;
            inflater = new Inflater(!zlib);
        }
        return inflater;
    }

    private void fill(Inflater current) throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        if (count < 0) {
            throw new ResponseException(
                    Kind.CUT, "Incomplete body: expected more deflated data but the body ended before", null);
        }
        current.setInput(buffer, 0, count);
    }

    private void end(int unread) throws IOException {
        boolean more = unread > 0;
        while (in.read(buffer, 0, buffer.length) >= 0) {
            more = true;
        }
        // Leniency.PADDING_AFTER_CODING
        if (more && !tolerant) {
            throw ResponseException.malformed("Malformed deflate: expected nothing after its end");
        }
    }

    @Override
    public void close() {
        if (inflater != null && !closed) {
            closed = true;
            inflater.end();
        }
    }
}
