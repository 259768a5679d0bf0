package dev.thrum.crawl.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** The lines of a file, one after the other; a last line without its line feed doesn't count. Owned by one thread. */
final class LineReader implements AutoCloseable {
    private final InputStream source;

    // What was read and is not a line that was passed is from position to limit.
    private byte[] buffer;
    private int position;
    private int limit;

    private int end = -1;
    private long number;

    /** The bytes of the source before those in the buffer. */
    private long passed;

    /**
     * A reader before the first line.
     *
     * @param size of the buffer at first; it grows for longer lines
     */
    LineReader(InputStream source, int size) {
        this.source = source;
        this.buffer = new byte[size];
    }

    /** Goes to the next line; false after the last. */
    boolean next() throws IOException {
        position = end + 1;
        int from = position;
        while (true) {
            for (int at = from; at < limit; at++) {
                if (buffer[at] == '\n') {
                    end = at;
                    number++;
                    return true;
                }
            }
            int known = limit - position;
            if (!fill()) {
                end = position - 1;
                return false;
            }
            from = position + known;
        }
    }

    /** Reads more; false at the end of the file. */
    private boolean fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            passed += position;
            position = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int count = source.read(buffer, limit, buffer.length - limit);
        limit += Math.max(0, count);
        return count >= 0;
    }

    /** Makes something of the bytes of a line. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(byte[] bytes, int offset, int length) throws IOException;
    }

    /** Parses the line, which is without its line feed. */
    <T> T parsed(Parser<T> parser) throws IOException {
        return parser.parse(buffer, position, end - position);
    }

    /** Writes the line with its line feed. */
    void writeTo(OutputStream out) throws IOException {
        out.write(buffer, position, end + 1 - position);
    }

    /** Where the line begins: the number of bytes before it. */
    long offset() {
        return passed + position;
    }

    /** The number of the line, from 1. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
