package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file with the last commit. It has two places, of which each commit overwrites the older one after everything that it counts was forced; so what
 * it counts is whole, and a commit that was cut by a crash is as none. Each place has two copies, so that a damaged commit is not taken
 * for one that was cut. Owned by the thread that commits.
 */
final class CommitFile {
    static final String NAME = "commits";

    /** The longest checkpoint. */
    static final int LONGEST = 16_000;

    private static final String FRESH = "commits.new";
    private static final int FIRST_COPY = 4096;
    private static final int COPY = 16 * 1024;
    private static final int COPIES = 4;

    /** Always, so that a file that was cut is noticed. */
    private static final long LENGTH = FIRST_COPY + (long) COPIES * COPY;

    private static final int FIXED = 40;

    private final StateFile file;

    private CommitFile(StateFile file) {
        this.file = file;
    }

    /** Makes the file with a first commit; only then the folder holds a frontier. */
    static CommitFile create(StateFolder folder, Commit first) throws IOException {
        folder.delete(FRESH);
        StateFile fresh = folder.create(FRESH);
        fresh.writeFully(FileHeader.COMMITS.bytes(0), FileHeader.LENGTH, 0);
        fresh.writeFully(new byte[1], 1, LENGTH - 1);
        new CommitFile(fresh).write(first);
        folder.rename(FRESH, NAME);
        folder.force();
        return new CommitFile(folder.open(NAME));
    }

    static CommitFile open(StateFolder folder) throws IOException {
        List<String> names = folder.names();
        if (!names.contains(NAME)) {
            throw new IOException("expected the frontier of a crawl in " + folder + " but there is no file " + NAME
                    + ": name the folder of a crawl, or begin one");
        }
        StateFile file = folder.open(NAME);
        FileHeader.COMMITS.check(file, 0);
        if (file.size() != LENGTH) {
            throw new BrokenFileException(file.name(), file.size(), "expected " + LENGTH + " bytes");
        }
        // The process that wrote the last commit may have ended before it was forced. Nothing may be deleted before it
        // is.
        file.force();
        folder.force();
        return new CommitFile(file);
    }

    void write(Commit commit) throws IOException {
        byte[] copy = encode(commit);
        long at = place(2 * (int) (commit.number() & 1));
        file.writeFully(copy, copy.length, at);
        file.writeFully(copy, copy.length, at + COPY);
        file.force();
    }

    private static long place(int copy) {
        return FIRST_COPY + (long) copy * COPY;
    }

    private static byte[] encode(Commit commit) {
        byte[] checkpoint = commit.checkpoint();
        int length = FIXED + (checkpoint == null ? 0 : checkpoint.length);
        byte[] target = new byte[length];
        RecordWriter.INTS.set(target, 4, length);
        RecordWriter.LONGS.set(target, 8, commit.number());
        RecordWriter.INTS.set(target, 16, commit.firstSegment());
        RecordWriter.INTS.set(target, 20, commit.lastSegment());
        RecordWriter.INTS.set(target, 24, commit.lastLength());
        RecordWriter.LONGS.set(target, 28, commit.seenLength());
        RecordWriter.INTS.set(target, 36, checkpoint == null ? 0 : 1);
        if (checkpoint != null) {
            System.arraycopy(checkpoint, 0, target, FIXED, checkpoint.length);
        }
        RecordWriter.INTS.set(target, 0, checksum(target, length));
        return target;
    }

    private static int checksum(byte[] copy, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(copy, 4, length - 4);
        return (int) checksum.getValue();
    }

    /** Reads the last commit. */
    Commit last() throws IOException {
        Commit last = null;
        for (int copy = 0; copy < COPIES; copy++) {
            Commit found = read(copy);
            if (found != null && (last == null || found.number() > last.number())) {
                last = found;
            }
        }
        if (last == null) {
            throw new BrokenFileException(file.name(), FIRST_COPY, "expected a commit");
        }
        return last;
    }

    private @Nullable Commit read(int copy) throws IOException {
        byte[] found = new byte[COPY];
        file.readFully(found, COPY, place(copy));
        int length = (int) RecordWriter.INTS.get(found, 4);
        if (length < FIXED || length > COPY || (int) RecordWriter.INTS.get(found, 0) != checksum(found, length)) {
            return null;
        }
        byte[] checkpoint = new byte[length - FIXED];
        System.arraycopy(found, FIXED, checkpoint, 0, checkpoint.length);
        return new Commit(
                (long) RecordWriter.LONGS.get(found, 8),
                (int) RecordWriter.INTS.get(found, 16),
                (int) RecordWriter.INTS.get(found, 20),
                (int) RecordWriter.INTS.get(found, 24),
                (long) RecordWriter.LONGS.get(found, 28),
                (int) RecordWriter.INTS.get(found, 36) == 0 ? null : checkpoint);
    }
}
