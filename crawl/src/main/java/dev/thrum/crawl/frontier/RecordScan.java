package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.Arrays;

/** Reads the records of a file from one position to another, which must be the ends of records. */
final class RecordScan {
    private static final int BLOCK = 256 * 1024;

    private final StateFile file;
    private final RecordCursor cursor;
    private byte[] block = new byte[BLOCK];

    /** The position of the block in the file, how much of it is filled, and how much was read. */
    private long blockAt;

    private int filled;
    private int consumed;

    /** Receives the records. */
    @FunctionalInterface
    interface Visitor {
        /**
         * A record, after its type.
         *
         * @param position of the record in the file
         * @param length of the record
         */
        void visit(RecordType type, RecordCursor record, long position, int length) throws IOException;
    }

    RecordScan(StateFile file) {
        this.file = file;
        this.cursor = new RecordCursor(file.name());
    }

    void scan(long from, long to, Visitor visitor) throws IOException {
        blockAt = from;
        filled = 0;
        consumed = 0;
        while (blockAt + consumed < to) {
            long position = blockAt + consumed;
            int length = nextLength(to);
            RecordType type = cursor.begin(block, consumed, length, position);
            consumed += length;
            visitor.visit(type, cursor, position, length);
        }
    }

    /** The length of the next record, all of which is in the block then. */
    private int nextLength(long to) throws IOException {
        long position = blockAt + consumed;
        long length = RecordCursor.recordLength(block, consumed, filled - consumed);
        if (length == 0) {
            fill(RecordWriter.LONGEST_PREFIX, to);
            length = RecordCursor.recordLength(block, consumed, filled - consumed);
        }
        if (length <= 0 || length > to - position) {
            throw new BrokenFileException(file.name(), position, "expected the length of a record");
        }
        if (length > filled - consumed) {
            fill((int) length, to);
        }
        return (int) length;
    }

    /** Has the next bytes in the block: this many of them, unless the end is before. */
    private void fill(int wanted, long to) throws IOException {
        System.arraycopy(block, consumed, block, 0, filled - consumed);
        blockAt += consumed;
        filled -= consumed;
        consumed = 0;
        if (wanted > block.length) {
            block = Arrays.copyOf(block, wanted);
        }
        int most = (int) Math.min(block.length, to - blockAt);
        while (filled < Math.min(wanted, most)) {
            int count = file.read(block, filled, most - filled, blockAt + filled);
            if (count <= 0) {
                throw new BrokenFileException(file.name(), blockAt + filled, "expected " + to + " bytes");
            }
            filled += count;
        }
    }
}
