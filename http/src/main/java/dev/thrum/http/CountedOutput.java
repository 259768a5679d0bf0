package dev.thrum.http;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Checks the length of a body against the announced one, before something that changes the length, such as compression.
 * Owned by one thread.
 */
final class CountedOutput extends OutputStream {
    private final OutputStream out;
    private final long length;
    private long left;

    /** Expects this many bytes, or any number if {@link BodySource#UNKNOWN}. */
    CountedOutput(OutputStream out, long length) {
        this.out = out;
        this.length = length;
        this.left = length;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
        if (length >= 0 && count > left) {
            throw new IllegalStateException("expected a body of " + length + " bytes but there are more");
        }
        left -= count;
        out.write(source, offset, count);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    void requireAll() {
        if (length >= 0 && left > 0) {
            throw new IllegalStateException("expected a body of " + length + " bytes but " + left + " are missing");
        }
    }
}
