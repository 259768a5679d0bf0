package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The files of a frontier that change only in a commit. Owned by the thread that commits. */
final class DurableState {
    private final StateFolder folder;
    private final CommitFile commits;
    private final SeenFile seen;
    private Commit last;

    /** Whether the names of new files must be forced. */
    private boolean namesChanged;

    DurableState(StateFolder folder, CommitFile commits, SeenFile seen, Commit last) {
        this.folder = folder;
        this.commits = commits;
        this.seen = seen;
        this.last = last;
    }

    /** A new state with an empty first segment, whose file it has. */
    static DurableState create(StateFolder folder, Segment first) throws IOException {
        for (String name : folder.names()) {
            if (name.equals(CommitFile.NAME)) {
                throw new IOException("expected a folder without a crawl but " + folder
                        + " holds one: resume it, or name another folder");
            }
        }
        for (String name : folder.names()) {
            // Left by a process that was killed while it began.
            if (Segment.isName(name) || name.equals(SeenFile.NAME)) {
                folder.delete(name);
            }
        }
        SeenFile seen = SeenFile.create(folder);
        StateFile file = folder.create(first.name());
        Segment.Unwritten header = first.unwritten();
        file.writeFully(header.bytes(), header.length(), header.at());
        file.force();
        folder.force();
        first.setFile(file);
        first.wrote(header.length());
        Commit commit = new Commit(1, first.number(), first.number(), first.length(), FileHeader.LENGTH, null);
        return new DurableState(folder, CommitFile.create(folder, commit), seen, commit);
    }

    Optional<byte[]> checkpoint() {
        byte[] checkpoint = last.checkpoint();
        return checkpoint == null ? Optional.empty() : Optional.of(checkpoint.clone());
    }

    /** Keeps what must stay of a segment that is going to be removed, except for its URLs that are not done. */
    void keep(Segment removed) throws IOException {
        seen.keep(removed.file(), removed.written());
    }

    /** Makes the file of a segment, which has none. */
    StateFile create(Segment segment) throws IOException {
        namesChanged = true;
        return folder.create(segment.name());
    }

    /**
     * Makes everything durable that was appended, and then that it counts.
     *
     * @param first the segment before which all are removed
     * @param parts all bytes that are not in files yet; the segments have files
     * @param end of the journal with these parts
     */
    void commit(int first, List<Segment.Unwritten> parts, long end, byte[] checkpoint) throws IOException {
        for (Segment.Unwritten part : parts) {
            StateFile file = part.segment().file();
            file.writeFully(part.bytes(), part.length(), part.at());
            file.force();
        }
        long seenLength = seen.force();
        if (namesChanged) {
            folder.force();
            namesChanged = false;
        }
        Commit next = new Commit(
                last.number() + 1, first, Segment.number(end), Segment.offset(end), seenLength, checkpoint.clone());
        commits.write(next);
        last = next;
    }

    /** Deletes a segment that the last commit doesn't count any more. */
    void delete(Segment removed) throws IOException {
        folder.delete(removed.name());
    }

    void close() throws IOException {
        folder.close();
    }
}
