package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.Arrays;

/**
 * The finished URLs whose segments are gone: 18 bytes and a note for each, in blocks with a checksum. Only what a commit counts is valid. Owned by
 * the thread that commits.
 */
final class SeenFile {
    static final String NAME = "seen";

    /** In place of the length of a note: only the depth counts. */
    private static final int NO_NOTE = 255;

    private static final int BLOCK = 16 * 1024;

    private final StateFile file;
    private final RecordWriter block = new RecordWriter();
    private long length;
    private boolean dirty;

    private SeenFile(StateFile file, long length) {
        this.file = file;
        this.length = length;
        block.begin(RecordType.SEEN);
    }

    static SeenFile create(StateFolder folder) throws IOException {
        StateFile file = folder.create(NAME);
        file.writeFully(FileHeader.SEEN.bytes(0), FileHeader.LENGTH, 0);
        file.force();
        return new SeenFile(file, FileHeader.LENGTH);
    }

    /** Opens the file, and cuts what a commit did not count. */
    static SeenFile open(StateFolder folder, long length) throws IOException {
        StateFile file = folder.open(NAME);
        FileHeader.SEEN.check(file, 0);
        file.cut(length);
        return new SeenFile(file, length);
    }

    /** Receives what is in the file. */
    interface Visitor {
        void done(Fingerprint fingerprint, int depth, byte[] note);

        void depth(Fingerprint fingerprint, int depth);
    }

    void visit(Visitor visitor) throws IOException {
        new RecordScan(file).scan(FileHeader.LENGTH, length, (type, record, _, _) -> {
            if (type != RecordType.SEEN) {
                throw record.broken("expected finished URLs");
            }
            while (record.remaining() > 0) {
                visitEntry(record, visitor);
            }
        });
    }

    private static void visitEntry(RecordCursor record, Visitor visitor) throws IOException {
        Fingerprint fingerprint = record.fingerprint();
        int depth = record.octet();
        int noteLength = record.octet();
        if (noteLength == NO_NOTE) {
            visitor.depth(fingerprint, depth);
        } else {
            visitor.done(fingerprint, depth, record.copy(noteLength));
        }
    }

    /** Appends what is to be kept of a segment, except for its URLs that are not done. */
    void keep(StateFile segment, long segmentLength) throws IOException {
        new RecordScan(segment).scan(FileHeader.LENGTH, segmentLength, (type, record, _, _) -> {
            switch (type) {
                case DONE -> keepDone(record);
                case DEPTH ->
                    block.fingerprint(record.fingerprint())
                            .octet(record.octet())
                            .octet(NO_NOTE);
                case ADDED, END -> {}
                case SEEN -> throw record.broken("expected no finished URLs in a segment");
            }
            if (block.bodyLength() > BLOCK) {
                writeBlock();
            }
        });
    }

    private void keepDone(RecordCursor record) throws IOException {
        block.fingerprint(record.fingerprint()).octet(record.octet());
        int noteLength = record.remaining();
        block.octet(noteLength).bytes(record.array(), record.bytes(noteLength), noteLength);
    }

    private void writeBlock() throws IOException {
        block.finish();
        byte[] record = Arrays.copyOfRange(block.array(), block.start(), block.start() + block.length());
        file.writeFully(record, record.length, length);
        length += record.length;
        dirty = true;
        block.begin(RecordType.SEEN);
    }

    /** Makes everything durable that was appended; returns the length that a commit is to count. */
    long force() throws IOException {
        if (block.bodyLength() > 1) {
            writeBlock();
        }
        if (dirty) {
            file.force();
            dirty = false;
        }
        return length;
    }
}
