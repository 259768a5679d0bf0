package dev.thrum.crawl.search;

import dev.thrum.base.Clock;
import dev.thrum.base.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * The writer of the full-text index of a crawl. There is one at a time; any number of {@link SearchIndex} may read meanwhile, in
 * other processes too, and find a page a few seconds after it was confirmed.
 *
 * <p>A commit of Lucene is too expensive for each checkpoint. So a page is first appended to a file of pending pages, the length
 * of which is the checkpoint. A thread moves pages from there into the Lucene index, and commits that now and then. After a
 * crash the file is cut back to the checkpoint, and what the last commit of Lucene lacks is read from it again: so each page is in
 * the index once. A group commit is:
 *
 * <pre>
 * index.force();
 * byte[] checkpoint = index.checkpoint();
 * // … store the checkpoint where it is durable
 * index.confirm(checkpoint);
 * </pre>
 *
 * <p>Owned by one thread. After an exception it can only be closed; opened again at the last confirmed checkpoint, it goes on.
 */
public final class PageIndex implements AutoCloseable {
    /** The name of the index in the folder of a crawl. */
    public static final String FOLDER = "index";

    private final PendingPages pending;
    private final Indexer indexer;
    private final PendingRecord.Format format = new PendingRecord.Format();
    private long forced;

    private PageIndex(PendingPages pending, Indexer indexer) {
        this.pending = pending;
        this.indexer = indexer;
        this.forced = pending.end();
    }

    /**
     * Makes a folder with an empty index; what is left there of a creation that was killed is removed.
     *
     * @throws IOException if there is an index already
     */
    public static PageIndex create(Path folder, Clock clock) throws IOException {
        return create(folder, clock, IndexTuning.defaults());
    }

    static PageIndex create(Path folder, Clock clock, IndexTuning tuning) throws IOException {
        IndexFolder index = new IndexFolder(folder);
        Disk disk = Disk.ofSystem();
        Files.createDirectories(index.lucene());
        if (index.isIndex()) {
            throw new IOException(
                    "expected no index in " + folder + " but there is one; name another folder, or resume its crawl");
        }
        LuceneWriter writer = LuceneWriter.create(index, FSDirectory.open(index.lucene()));
        return started(folder, writer, tuning, clock, () -> {
            PendingPages.reset(folder, disk);
            // From now on there is an index that can be searched, without a page.
            writer.commit(0);
            index.mark(disk);
            return PendingPages.open(folder, 0, tuning.fileBytes(), disk);
        });
    }

    /**
     * Opens an index at a checkpoint; pages that were added after it are removed.
     *
     * @param checkpoint the last one that is durable
     * @throws NoIndexException if there is no index, or one of another version
     * @throws IOException also if another process writes it, or if it does not have all pages of the checkpoint
     */
    public static PageIndex open(Path folder, byte[] checkpoint, Clock clock) throws IOException {
        return open(folder, checkpoint, clock, IndexTuning.defaults(), directory -> directory);
    }

    /**
     * Opens an index likewise.
     *
     * @param seen wraps Lucene's directory, so that a test can watch what happens there
     */
    static PageIndex open(
            Path folder, byte[] checkpoint, Clock clock, IndexTuning tuning, UnaryOperator<Directory> seen)
            throws IOException {
        IndexFolder index = new IndexFolder(folder);
        index.require();
        long position = position(checkpoint);
        // First: its lock keeps other writers away from the pending pages too.
        LuceneWriter writer = LuceneWriter.open(index, seen.apply(FSDirectory.open(index.lucene())));
        return started(folder, writer, tuning, clock, () -> {
            if (writer.committed() > position) {
                throw new IOException("expected a checkpoint from position " + writer.committed() + " on but it was "
                        + position + "; the state of the crawl is older than its index: crawl again");
            }
            return PendingPages.open(folder, position, tuning.fileBytes(), Disk.ofSystem());
        });
    }

    /** Opens the pending pages, once Lucene's lock is there. */
    private interface Opening {
        PendingPages open() throws IOException;
    }

    private static PageIndex started(Path folder, LuceneWriter writer, IndexTuning tuning, Clock clock, Opening opening)
            throws IOException {
        PageIndex index = null;
        try {
            PendingPages pages = opening.open();
            index = new PageIndex(pages, Indexer.start(folder, writer, pages.end(), tuning, clock));
            return index;
        } finally {
            if (index == null) {
                writer.close();
            }
        }
    }

    /** Adds a page, the URL of which the index doesn't have yet. */
    public void add(IndexedPage page) throws IOException {
        append(new PendingRecord.Add(page));
    }

    /** Puts a page in the place of the one with its URL, if there is one. */
    public void replace(IndexedPage page) throws IOException {
        append(new PendingRecord.Replace(page));
    }

    /** Removes the page with this URL, if there is one. */
    public void remove(String url) throws IOException {
        append(new PendingRecord.Remove(url));
    }

    private void append(PendingRecord record) throws IOException {
        pending.append(format.write(record));
    }

    /** Makes all pages durable that were added so far. */
    public void force() throws IOException {
        indexer.check();
        pending.force();
        forced = pending.end();
    }

    /** What {@link #open} needs to have exactly the pages of the last {@link #force}; 8 bytes. */
    public byte[] checkpoint() {
        return ByteBuffer.allocate(Long.BYTES).putLong(forced).array();
    }

    /**
     * Says that a checkpoint is durable: the index will not be opened at an earlier one. Only then its pages can be found. Waits
     * while many confirmed pages are not indexed yet.
     *
     * @param checkpoint of this index
     * @throws IOException if pages can't be indexed, now or before
     */
    public void confirm(byte[] checkpoint) throws IOException {
        long position = position(checkpoint);
        if (position > forced) {
            throw new IllegalArgumentException(
                    "expected a checkpoint up to position " + forced + " but was " + position);
        }
        indexer.confirm(position);
    }

    static long position(byte[] checkpoint) {
        if (checkpoint.length != Long.BYTES || checkpoint[0] < 0) {
            throw new IllegalArgumentException(
                    "expected a checkpoint of " + Long.BYTES + " bytes but it has " + checkpoint.length);
        }
        return ByteBuffer.wrap(checkpoint).getLong();
    }

    /** Indexes all pages that are confirmed, which may take a while, and closes the index. The others are still pending. */
    @Override
    public void close() throws IOException {
        try (pending) {
            indexer.close();
        }
    }
}
