package dev.thrum.http.client;

import java.io.IOException;

/** Decodes a body while it is read. Owned by the thread that reads. */
interface Decoder extends AutoCloseable {
    /**
     * Reads at least one byte; returns the number of bytes, or -1 at the end.
     *
     * @throws ResponseException if the data is malformed or incomplete
     */
    int read(byte[] target, int offset, int length) throws IOException;

    /** Frees native memory. Idempotent. */
    @Override
    void close();
}
