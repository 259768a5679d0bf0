package dev.thrum.http.client;

import dev.thrum.http.client.ContentCoding.Coding;
import dev.thrum.http.client.ResponseException.Kind;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * One coding of a body, decoded and limited in size while it is read. Owned by the thread that reads.
 *
 * <p>An empty body has no coding, whatever its head says. Tolerantly, one whose first bytes prove that it does not have
 * the coding is taken as it is.
 */
final class DecodedStream extends InputStream {
    private final RewindableInput in;
    private final Coding coding;
    private final boolean tolerant;
    private final long limit;
    private @Nullable Decoder decoder;
    private State state = State.NEW;
    private long count;

    private enum State {
        NEW,
        /** Nothing has been decoded yet. */
        UNPROVEN,
        DECODING,
        /** It does not have the coding. */
        PLAIN,
        ENDED
    }

    /**
     * A stream.
     *
     * @param limit the maximum number of decoded bytes
     */
    DecodedStream(RewindableInput in, Coding coding, boolean tolerant, long limit) {
        this.in = in;
        this.coding = coding;
        this.tolerant = tolerant;
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        begin();
        int read = switch (state) {
            case NEW, ENDED -> -1;
            case PLAIN -> in.read(target, offset, length);
            case UNPROVEN -> readFirst(target, offset, length);
            case DECODING -> decode(target, offset, length);
        };
        if (read < 0) {
            state = State.ENDED;
            return -1;
        }
        count += read;
        if (count > limit) {
            throw new ResponseException(
                    Kind.TOO_LARGE, "Content too large: expected at most " + limit + " bytes when decoded", null);
        }
        return read;
    }

    private void begin() throws IOException {
        if (state != State.NEW) {
            return;
        }
        byte[] first = in.peek(Coding.LONGEST_MAGIC);
        if (first.length == 0) {
            state = State.ENDED;
        } else if (tolerant && !coding.mayBegin(first)) {
            // Leniency.UNFOUNDED_CODING
            state = State.PLAIN;
            in.forget();
        } else {
            state = State.UNPROVEN;
            decoder = coding.decoder(in, tolerant);
        }
    }

    private int readFirst(byte[] target, int offset, int length) throws IOException {
        if (!tolerant) {
            in.forget();
        }
        try {
            int read = decode(target, offset, length);
            state = State.DECODING;
            in.forget();
            return read;
        } catch (ResponseException e) {
            in.requireNoFailure();
            if (!in.canRewindToText()) {
                throw e;
            }
            // Leniency.UNFOUNDED_CODING
            in.rewind();
            state = State.PLAIN;
            return in.read(target, offset, length);
        }
    }

    private int decode(byte[] target, int offset, int length) throws IOException {
        if (decoder == null) {
            throw new IllegalStateException("expected a decoder before the first read");
        }
        return decoder.read(target, offset, length);
    }

    /** Frees native memory. Idempotent. */
    @Override
    public void close() {
        if (decoder != null) {
            decoder.close();
        }
    }
}
