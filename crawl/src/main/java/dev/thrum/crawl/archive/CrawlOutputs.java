package dev.thrum.crawl.archive;

import dev.thrum.base.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that a crawl writes into its folder: {@code pages.jsonl}, {@code links.jsonl}, {@code skipped.jsonl} and
 * {@code warc/*}.
 *
 * <p>All of them only grow. {@link #force} makes durable what was written, and {@link #checkpoint} then describes it.
 * After a crash {@link #open} cuts all files back to a checkpoint, so that they hold what was written before it and
 * nothing else.
 *
 * <p>After a method that writes has thrown an exception, only {@link #checkpoint} and {@link #close} can be called: the
 * outputs have to be opened again. Owned by one thread, which must not be interrupted: an interrupt closes files.
 */
public final class CrawlOutputs implements AutoCloseable {
    /** The file of all pages, a line each. */
    public static final String PAGES = "pages.jsonl";

    /** The file of their links. */
    public static final String LINKS = "links.jsonl";

    /** The file of the URLs that were not fetched. */
    public static final String SKIPPED = "skipped.jsonl";

    /** The folder of the WARC files. */
    public static final String WARC = "warc";

    private final Path folder;
    private final FileCalls calls;
    private final LineFiles lines;
    private final WarcFiles warc;
    private Checkpoint durable;
    private boolean namesAreDurable;
    private State state = State.OPEN;

    private enum State {
        OPEN,
        /** A write has begun; after an exception it has failed, and nobody knows what the files hold. */
        WRITING,
        CLOSED
    }

    private CrawlOutputs(Path folder, FileCalls calls, LineFiles lines, WarcFiles warc, Checkpoint durable) {
        this.folder = folder;
        this.calls = calls;
        this.lines = lines;
        this.warc = warc;
        this.durable = durable;
    }

    /**
     * Begins new outputs.
     *
     * @param folder made if it doesn't exist
     * @throws FileAlreadyExistsException if the folder has outputs; nothing was changed then
     * @throws IOException if the files can't be made
     */
    public static CrawlOutputs create(Path folder, OutputOptions options) throws IOException {
        return create(folder, options, new FileCalls.OfSystem());
    }

    static CrawlOutputs create(Path folder, OutputOptions options, FileCalls calls) throws IOException {
        for (String name : List.of(PAGES, LINKS, SKIPPED, WARC)) {
            if (Files.exists(folder.resolve(name))) {
                throw new FileAlreadyExistsException(
                        folder.resolve(name).toString(),
                        null,
                        "expected a folder without a crawl but " + folder + " has " + name
                                + ": resume that crawl, or choose another folder");
            }
        }
        return open(folder, options, calls, Checkpoint.NOTHING);
    }

    /** The checkpoint of outputs that hold nothing: opened at it, files that are missing are made. */
    public static byte[] firstCheckpoint() {
        return Checkpoint.NOTHING.encode();
    }

    /** The checkpoint of outputs without lines, whose WARC files go on after those of a crawl before. */
    public static byte[] nextCheckpoint(byte[] checkpoint) throws IOException {
        return new Checkpoint(0, 0, 0, Checkpoint.decode(checkpoint).warc()).encode();
    }

    /**
     * Moves the files of lines to another folder on the same disk, in place of those that are there; files that are moved
     * already are left as they are. Durable at the end.
     */
    public static void moveLines(Path folder, Path to) throws IOException {
        Files.createDirectories(to);
        for (String name : List.of(PAGES, LINKS, SKIPPED)) {
            if (Files.exists(folder.resolve(name))) {
                Files.move(
                        folder.resolve(name),
                        to.resolve(name),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Disk disk = Disk.ofSystem();
        disk.force(to);
        disk.force(folder);
    }

    /**
     * Opens outputs, and cuts them back to a checkpoint. Files that were begun after it are deleted. The form of WARC
     * files may be another than before.
     *
     * @param checkpoint as {@link #checkpoint} has returned it
     * @throws IOException if the checkpoint is damaged, a file is missing or shorter than the checkpoint says, or the
     *     disk has failed; the message names the file
     */
    public static CrawlOutputs open(Path folder, OutputOptions options, byte[] checkpoint) throws IOException {
        return open(folder, options, new FileCalls.OfSystem(), Checkpoint.decode(checkpoint));
    }

    static CrawlOutputs open(Path folder, OutputOptions options, FileCalls calls, Checkpoint at) throws IOException {
        Files.createDirectories(folder);
        LineFiles lines = LineFiles.open(folder, calls, at);
        boolean whole = false;
        try {
            WarcFiles warc = WarcFiles.open(folder.resolve(WARC), options, calls, at.warc());
            whole = true;
            return new CrawlOutputs(folder, calls, lines, warc, at);
        } finally {
            if (!whole) {
                lines.close();
            }
        }
    }

    /** Each write is between this and {@link #endWrite}, which an exception skips. */
    private void beginWrite() throws IOException {
        if (state != State.OPEN) {
            throw new IOException("expected outputs that are open but "
                    + (state == State.WRITING ? "a write has failed" : "they were closed") + ": open " + folder
                    + " again, at the last checkpoint");
        }
        state = State.WRITING;
    }

    private void endWrite() {
        state = State.OPEN;
    }

    /**
     * Writes a page with its links, and its exchange into the WARC file.
     *
     * @param exchange that the page is from, with the page's time and final URL; null if there was no response
     * @return the offset of the page's line; for {@link #pageAt}
     */
    public long page(PageRecord page, List<LinkRecord> links, @Nullable Exchange exchange) throws IOException {
        beginWrite();
        Archived archived = exchange == null ? null : warc.add(exchange);
        long offset = lines.page(page, links, archived);
        endWrite();
        return offset;
    }

    /**
     * Writes a page that could not be fetched again, with the response and the links of an earlier crawl.
     *
     * @param exchange of the attempt, which is archived, too; null if there was none
     * @param earlier where the payload is
     * @return as for {@link #page}
     */
    public long kept(PageRecord page, List<LinkRecord> links, @Nullable Exchange exchange, PageLine earlier)
            throws IOException {
        beginWrite();
        if (exchange != null) {
            var _ = warc.add(exchange);
        }
        long offset = lines.page(page, links, earlier.archived());
        endWrite();
        return offset;
    }

    /** The offset at which the links of the next page will be, if it has some; for {@link EarlierLines#linksAt}. */
    public long linksEnd() {
        return lines.linksEnd();
    }

    /** Writes an exchange that is of no page: a redirect that was followed, a robots.txt, a sitemap. */
    public void exchange(Exchange exchange) throws IOException {
        beginWrite();
        var _ = warc.add(exchange);
        endWrite();
    }

    /** Writes a URL that was not fetched. */
    public void skipped(SkippedRecord skipped) throws IOException {
        beginWrite();
        lines.skipped(skipped);
        endWrite();
    }

    /**
     * Reads the line of a page.
     *
     * @param offset as {@link #page} has returned it, in this run or an earlier one
     * @throws IllegalArgumentException if no line can begin there; the outputs can be used further
     */
    public PageLine pageAt(long offset) throws IOException {
        beginWrite();
        lines.flush();
        endWrite();
        return lines.pageAt(offset);
    }

    /**
     * Reads the links of a page.
     *
     * @param offset as {@link #linksEnd} has returned it before the page was written
     * @param from the URL of the page
     */
    public List<LinkRecord> linksAt(long offset, String from) throws IOException {
        beginWrite();
        lines.flush();
        endWrite();
        return lines.linksAt(offset, from);
    }

    /** Makes durable what was written up to now; it takes as long as the disk takes. */
    public void force() throws IOException {
        beginWrite();
        lines.force();
        warc.force();
        if (!namesAreDurable) {
            forceNames();
        }
        durable = lines.durable(warc.durable());
        endWrite();
    }

    private void forceNames() throws IOException {
        calls.forceNames(folder);
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            calls.forceNames(parent);
        }
        namesAreDurable = true;
    }

    /** What is durable since the last {@link #force}, for {@link #open}: less than 100 bytes, with a checksum. */
    public byte[] checkpoint() {
        return durable.encode();
    }

    /** Closes the files. What was written since the last {@link #force} is lost, as after a crash. Idempotent. */
    @Override
    public void close() throws IOException {
        state = State.CLOSED;
        try {
            lines.close();
        } finally {
            warc.close();
        }
    }
}
