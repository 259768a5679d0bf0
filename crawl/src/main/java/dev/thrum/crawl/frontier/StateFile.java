package dev.thrum.crawl.frontier;

import java.io.IOException;

/** An open file of a frontier. One thread may read while another one writes. Its folder closes it. */
interface StateFile {
    String name();

    long size() throws IOException;

    /** Reads at least one byte if at least one is asked for; -1 at the end. */
    int read(byte[] target, int from, int length, long position) throws IOException;

    /** Writes some of the bytes, and returns how many. */
    int write(byte[] source, int from, int length, long position) throws IOException;

    void truncate(long size) throws IOException;

    /** Makes everything durable that was written and truncated. */
    void force() throws IOException;

    /** Reads bytes that must be there. */
    default void readFully(byte[] target, int length, long position) throws IOException {
        int done = 0;
        while (done < length) {
            int count = read(target, done, length - done, position + done);
            if (count <= 0) {
                throw new BrokenFileException(name(), position, "expected " + length + " bytes but there are " + done);
            }
            done += count;
        }
    }

    /** Removes what is after a length, which the file must have. */
    default void cut(long length) throws IOException {
        long size = size();
        if (size < length) {
            throw new BrokenFileException(name(), size, "expected at least " + length + " bytes");
        }
        if (size > length) {
            truncate(length);
        }
    }

    /** Writes all bytes. */
    default void writeFully(byte[] source, int length, long position) throws IOException {
        int done = 0;
        while (done < length) {
            int count = write(source, done, length - done, position + done);
            if (count <= 0) {
                throw new IOException("expected to write " + (length - done) + " bytes to " + name()
                        + " but the disk took none: free some space on it");
            }
            done += count;
        }
    }
}
