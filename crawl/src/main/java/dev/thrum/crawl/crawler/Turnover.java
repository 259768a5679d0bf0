package dev.thrum.crawl.crawler;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.base.Disk;
import dev.thrum.base.Folders;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.crawler.CrawlFolder.Checkpoint;
import dev.thrum.crawl.frontier.Frontier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * Sets the files of a crawl that has ended aside, and begins new ones for a crawl over it. That takes several steps; a file in the folder of
 * the state says how far they are, so that whoever opens the folder after a crash completes them:
 *
 * <ol>
 *   <li>{@value #PLAN} is written, with the checkpoint at which the new crawl begins;
 *   <li>lines and frontier are moved, those that are still there;
 *   <li>it is renamed to {@value #MOVED}: what is at the old places from now on is new;
 *   <li>a new frontier is made, with the checkpoint in its first commit;
 *   <li>{@value #MOVED} is deleted.
 * </ol>
 *
 * <p>Used by a process that has the lock of the folder.
 */
final class Turnover {
    private static final String PLAN = "refresh";
    private static final String MOVED = "refresh-moved";
    private static final String EARLIER = "earlier";

    private final Path folder;
    private final Path state;
    private final Disk disk = Disk.ofSystem();

    Turnover(Path folder, Path state) {
        this.folder = folder;
        this.state = state;
    }

    /** The folder of the lines that are set aside. */
    Path lines() {
        return folder.resolve(EARLIER);
    }

    /** The folder of the frontier that is set aside. */
    Path frontier() {
        return state.resolve(EARLIER);
    }

    /** Whether there is a crawl that is set aside, so that the one in the folder is a refresh. */
    boolean isDone() {
        return Files.exists(frontier());
    }

    /** Whether a process that began to set a crawl aside has not completed that. */
    boolean isBegun() {
        return Files.exists(state.resolve(PLAN)) || Files.exists(state.resolve(MOVED));
    }

    /**
     * Sets the crawl in the folder aside.
     *
     * @throws CrawlFolderException if it has not ended, or is written in another way than the options say; nothing was changed then
     */
    void begin(CrawlOptions options) throws IOException, CrawlFolderException {
        Checkpoint at = end();
        if (options.isIndexed() != at.ofIndex().length > 0) {
            throw new CrawlFolderException("expected a refresh " + (options.isIndexed() ? "without" : "with")
                    + " an index, as the crawl in " + folder + " has " + (options.isIndexed() ? "none" : "one")
                    + ": refresh it with --no-index or without that, as it was begun");
        }
        // What a crash has left after the last commit is cut off.
        CrawlOutputs.open(folder, options.outputs(), at.ofOutputs()).close();
        Path begun = state.resolve(PLAN + ".new");
        Checkpoint next = new Checkpoint(CrawlOutputs.nextCheckpoint(at.ofOutputs()), at.ofIndex());
        Files.writeString(
                begun,
                HexFormat.of().formatHex(next.encode()),
                US_ASCII,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        rename(PLAN + ".new", PLAN);
        complete();
    }

    /** The checkpoint at which a crawl has ended. */
    private Checkpoint end() throws IOException, CrawlFolderException {
        boolean[] hasEnd = {!isDone()};
        try (Frontier old = Frontier.open(
                state.resolve(CrawlFolder.FRONTIER),
                noted -> hasEnd[0] |= Note.parse(noted.note()).type() == Note.Type.END)) {
            long waiting = old.waiting() - Aside.learned(old);
            if (old.known() == 0 || waiting > 0 || !hasEnd[0]) {
                throw new CrawlFolderException("expected a crawl that has ended but that in " + folder + " has "
                        + waiting + " URLs that wait: continue it with --resume " + folder
                        + " first, then refresh it");
            }
            return Checkpoint.parse(old.checkpoint().orElseGet(() -> Checkpoint.EMPTY));
        }
    }

    /** Completes what a process has begun that was killed. */
    void complete() throws IOException {
        Files.deleteIfExists(state.resolve(PLAN + ".new"));
        if (Files.exists(state.resolve(PLAN))) {
            move();
        }
        if (Files.exists(state.resolve(MOVED))) {
            make();
        }
    }

    private void move() throws IOException {
        CrawlOutputs.moveLines(folder, lines());
        Path current = state.resolve(CrawlFolder.FRONTIER);
        if (Files.exists(current)) {
            Folders.delete(frontier());
            Files.move(current, frontier(), StandardCopyOption.ATOMIC_MOVE);
            disk.force(state);
        }
        rename(PLAN, MOVED);
    }

    private void make() throws IOException {
        byte[] checkpoint = HexFormat.of().parseHex(Files.readString(state.resolve(MOVED), US_ASCII));
        Path begun = state.resolve(CrawlFolder.FRONTIER);
        Folders.delete(begun);
        try (Frontier frontier = Frontier.create(begun)) {
            frontier.commit(checkpoint);
        }
        disk.force(state);
        Files.delete(state.resolve(MOVED));
        disk.force(state);
    }

    private void rename(String from, String to) throws IOException {
        Files.move(state.resolve(from), state.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        disk.force(state);
    }
}
