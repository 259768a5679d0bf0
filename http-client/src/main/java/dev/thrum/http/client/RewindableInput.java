package dev.thrum.http.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose first bytes can be looked at, and read again, until it is told to forget them. Owned by the thread that
 * reads.
 *
 * <p>It remembers why reading failed: the decoders of libraries wrap the exception, or replace it.
 */
final class RewindableInput extends InputStream {
    /** At most this many bytes can be read again. */
    private static final int MOST = 64 * 1024;

    private static final int PROOF = 1024;

    private final InputStream in;
    private byte[] first = new byte[0];
    private int recorded;
    private int position;
    private Recording recording = Recording.ON;
    private @Nullable IOException failure;

    private enum Recording {
        ON,
        OFF,
        /** There were more bytes than are recorded. */
        OVERFLOWN
    }

    RewindableInput(InputStream in) {
        this.in = in;
    }

    /** The next bytes, fewer than this many only if the stream ends before. They will be read again. */
    byte[] peek(int count) throws IOException {
        while (recorded - position < count && fill(count - (recorded - position)) >= 0) {
            // Until they are here.
        }
        return Arrays.copyOfRange(first, position, Math.min(recorded, position + count));
    }

    private int fill(int count) throws IOException {
        byte[] some = new byte[count];
        int read = receive(some, 0, count);
        if (read > 0) {
            record(some, 0, read);
        }
        return read;
    }

    private void record(byte[] bytes, int offset, int length) {
        if (first.length - recorded < length) {
            first = Arrays.copyOf(first, Math.max(recorded + length, Math.max(256, first.length * 2)));
        }
        System.arraycopy(bytes, offset, first, recorded, length);
        recorded += length;
    }

    /** From now on bytes are not kept any more. */
    void forget() {
        if (recording == Recording.ON) {
            recording = Recording.OFF;
        }
    }

    /**
     * Whether all bytes that were read can be read again, and the first {@value #PROOF} look like text, which
     * compressed data does not. Waits for that many, so that the result does not depend on when they arrive.
     */
    boolean canRewindToText() throws IOException {
        if (recording != Recording.ON) {
            return false;
        }
        while (recorded < PROOF && fill(PROOF - recorded) >= 0) {
            // Until they are here, or the end.
        }
        for (int i = 0; i < Math.min(PROOF, recorded); i++) {
            if (isBinary(first[i])) {
                return false;
            }
        }
        return true;
    }

    /** The binary data bytes of WHATWG MIME Sniffing, 3. */
    private static boolean isBinary(byte b) {
        return b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\f' && b != '\r' && b != 0x1b;
    }

    /** Begins again. */
    void rewind() {
        position = 0;
        forget();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (position < recorded) {
            int count = Math.min(length, recorded - position);
            System.arraycopy(first, position, target, offset, count);
            position += count;
            return count;
        }
        int count = receive(target, offset, length);
        if (recording == Recording.ON && count > 0) {
            if (recorded + count <= MOST) {
                record(target, offset, count);
                position = recorded;
            } else {
                recording = Recording.OVERFLOWN;
            }
        }
        if (recording != Recording.ON) {
            first = new byte[0];
            recorded = 0;
            position = 0;
        }
        return count;
    }

    private int receive(byte[] target, int offset, int length) throws IOException {
        try {
            return in.read(target, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Throws the exception that ended reading, if one did. */
    void requireNoFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }
}
