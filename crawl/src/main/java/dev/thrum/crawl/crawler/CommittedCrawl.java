package dev.thrum.crawl.crawler;

import dev.thrum.crawl.archive.Checkpoint;
import dev.thrum.crawl.fetch.FileLocks;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.search.PageIndex;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What a crawl has recorded up to its last commit, to be read: nothing is changed. As long as it is open, no process crawls into the folder.
 * The folder may also have the outputs of several crawls, merged.
 */
public final class CommittedCrawl implements AutoCloseable {
    private static final String MERGED = "merged-1";

    private final Path folder;
    private final FileChannel lock;
    private final Checkpoint outputs;
    private final Optional<byte[]> index;

    private CommittedCrawl(Path folder, FileChannel lock, Checkpoint outputs, Optional<byte[]> index) {
        this.folder = folder;
        this.lock = lock;
        this.outputs = outputs;
        this.index = index;
    }

    /**
     * Locks the folder of a crawl, and reads its last commit.
     *
     * @throws CrawlFolderException if there is no crawl that can be read, or another process crawls into the folder
     */
    public static CommittedCrawl open(Path folder) throws IOException, CrawlFolderException {
        boolean isMerged = isMerged(folder);
        Optional<String> fault = isMerged ? Optional.empty() : CrawlFolder.fault(folder);
        if (fault.isPresent()) {
            throw new CrawlFolderException("expected the folder of a crawl but " + fault.get());
        }
        Path state = folder.resolve(CrawlFolder.STATE);
        FileChannel lock = CrawlFolder.lock(state, folder);
        CommittedCrawl opened = null;
        try {
            opened = isMerged
                    ? new CommittedCrawl(folder, lock, Checkpoint.ofAll(folder), Optional.empty())
                    : atLastCommit(folder, state, lock);
            return opened;
        } finally {
            if (opened == null) {
                lock.close();
            }
        }
    }

    private static CommittedCrawl atLastCommit(Path folder, Path state, FileChannel lock)
            throws IOException, CrawlFolderException {
        if (new Turnover(folder, state).isBegun()) {
            throw new CrawlFolderException("expected a crawl with its files in place but a refresh of " + folder
                    + " was interrupted while it moved them: continue it with --resume " + folder);
        }
        byte[] last = Frontier.lastCheckpoint(state.resolve(CrawlFolder.FRONTIER))
                .orElseGet(() -> CrawlFolder.Checkpoint.EMPTY);
        CrawlFolder.Checkpoint at = CrawlFolder.Checkpoint.parse(last);
        return new CommittedCrawl(
                folder,
                lock,
                Checkpoint.decode(at.ofOutputs()),
                at.ofIndex().length == 0 ? Optional.empty() : Optional.of(at.ofIndex()));
    }

    /** Whether a folder has the outputs of several crawls. */
    static boolean isMerged(Path folder) {
        return Files.exists(folder.resolve(CrawlFolder.STATE).resolve(MERGED));
    }

    /**
     * Makes a folder one for the outputs of several crawls, and locks it.
     *
     * @return the lock; empty if another process has it
     */
    public static Optional<FileChannel> lockForMerge(Path folder) throws IOException {
        Files.createDirectories(folder.resolve(CrawlFolder.STATE));
        return FileLocks.tryLock(folder.resolve(CrawlFolder.STATE).resolve(CrawlFolder.LOCK));
    }

    /** Declares that a folder has the outputs of several crawls, all of them; durable. */
    public static void markMerged(Path folder) throws IOException {
        Files.write(
                folder.resolve(CrawlFolder.STATE).resolve(MERGED),
                new byte[0],
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SYNC);
    }

    public Path folder() {
        return folder;
    }

    /** How much of its outputs counts. */
    public Checkpoint outputs() {
        return outputs;
    }

    /** Whether there is an index. */
    public boolean isIndexed() {
        return index.isPresent() || (isMerged(folder) && Files.exists(folder.resolve(PageIndex.FOLDER)));
    }

    /** How much of its index counts; empty if all of it does, or there is none. */
    public Optional<byte[]> index() {
        return index;
    }

    /** Unlocks the folder. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
