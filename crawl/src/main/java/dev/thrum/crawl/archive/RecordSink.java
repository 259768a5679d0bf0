package dev.thrum.crawl.archive;

import java.io.IOException;

/** Takes the bytes of WARC records, one record after the other. Owned by one thread. */
interface RecordSink extends AutoCloseable {
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** The record is complete. */
    void end() throws IOException;

    /** Frees memory; the file stays open. */
    @Override
    void close();

    /** Writes the records as they are. */
    record Plain(AppendFile file) implements RecordSink {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(bytes, offset, length);
        }

        @Override
        public void end() {
            // Records are separated by their own last lines.
        }

        @Override
        public void close() {
            // There is nothing to free.
        }
    }
}
