package dev.thrum.crawl.archive;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The lines of a crawl that has ended, read where they are needed. Safe for concurrent use. */
public final class EarlierLines implements AutoCloseable {
    /** Longer than most lines of pages. */
    private static final int PAGE = 2 * 1024;

    /** Longer than the lines of most pages' links. */
    private static final int LINKS = 8 * 1024;

    private final Path folder;
    private final SharedFile pages;
    private final SharedFile links;

    private EarlierLines(Path folder, SharedFile pages, SharedFile links) {
        this.folder = folder;
        this.pages = pages;
        this.links = links;
    }

    /**
     * Opens the lines of a crawl.
     *
     * @param folder that has them: of the crawl, or to which they were {@linkplain CrawlOutputs#moveLines moved}
     */
    public static EarlierLines open(Path folder) throws IOException {
        SharedFile pages = new SharedFile(folder.resolve(CrawlOutputs.PAGES));
        EarlierLines opened = null;
        try {
            opened = new EarlierLines(folder, pages, new SharedFile(folder.resolve(CrawlOutputs.LINKS)));
            return opened;
        } finally {
            if (opened == null) {
                pages.close();
            }
        }
    }

    /**
     * The line of a page.
     *
     * @param offset as {@link CrawlOutputs#page} has returned it
     * @throws IOException if there is no such line, or the disk fails
     */
    public PageLine pageAt(long offset) throws IOException {
        LineReader lines = new LineReader(new Bytes(pages, offset), PAGE);
        try {
            if (!lines.next()) {
                throw new IOException("expected a line but the file ends there");
            }
            return lines.parsed(PageLine::parse);
        } catch (IOException e) {
            throw damaged(CrawlOutputs.PAGES, offset, e);
        }
    }

    /**
     * The links of a page, in their order.
     *
     * @param offset as {@link CrawlOutputs#linksEnd} has returned it before the page was written
     * @param from the URL of the page
     */
    public List<LinkRecord> linksAt(long offset, String from) throws IOException {
        List<LinkRecord> found = new ArrayList<>();
        LineReader lines = new LineReader(new Bytes(links, offset), LINKS);
        try {
            while (lines.next()) {
                LinkLine line = lines.parsed(LinkLine::parse);
                if (!from.equals(line.from)) {
                    break;
                }
                found.add(line.link());
            }
        } catch (IOException e) {
            throw damaged(CrawlOutputs.LINKS, offset, e);
        }
        return found;
    }

    private IOException damaged(String name, long offset, IOException cause) {
        return new IOException(
                "expected lines of a crawl from offset " + offset + " of " + folder.resolve(name) + " on but: "
                        + cause.getMessage() + "; bring the file back, or crawl again into another folder",
                cause);
    }

    /** All pages, from the first on. */
    public PageLines pages() throws IOException {
        return PageLines.open(folder);
    }

    /** Receives URLs that were left out. */
    @FunctionalInterface
    public interface SkippedReceiver {
        void skipped(SkippedRecord skipped) throws IOException;
    }

    /** Passes all URLs that were left out for this reason. */
    public void skipped(String reason, SkippedReceiver receiver) throws IOException {
        Path path = folder.resolve(CrawlOutputs.SKIPPED);
        try (LineReader lines = new LineReader(Files.newInputStream(path), RecordedLines.BUFFER)) {
            while (lines.next()) {
                SkippedLine line = lines.parsed(SkippedLine::parse);
                if (reason.equals(line.reason) && line.url != null) {
                    receiver.skipped(new SkippedRecord(line.url, line.from, reason, line.detail));
                }
            }
        }
    }

    /** A line of {@code skipped.jsonl}. Owned by the thread that reads it. */
    private static final class SkippedLine {
        private @Nullable String url;
        private @Nullable String from;
        private @Nullable String reason;
        private @Nullable String detail;

        static SkippedLine parse(byte[] bytes, int offset, int length) throws IOException {
            SkippedLine line = new SkippedLine();
            JsonMembers.read(bytes, offset, length, line::read);
            return line;
        }

        private void read(String name, JsonToken value, JsonParser parser) {
            if (value == JsonToken.VALUE_STRING) {
                switch (name) {
                    case "url" -> url = parser.getString();
                    case "from" -> from = parser.getString();
                    case "reason" -> reason = parser.getString();
                    case "detail" -> detail = parser.getString();
                    default -> {
                        // None of ours.
                    }
                }
            }
        }
    }

    /** A file that several threads read. It is no channel: an interrupt of one of them would close that for all. */
    private static final class SharedFile implements AutoCloseable {
        private final ReentrantLock lock = new ReentrantLock();

        @GuardedBy("lock")
        private final RandomAccessFile file;

        SharedFile(Path path) throws IOException {
            try {
                this.file = new RandomAccessFile(path.toFile(), "r");
            } catch (FileNotFoundException e) {
                throw new IOException(
                        "expected the lines of a crawl in " + path
                                + " but they can't be read: bring the file back, or crawl again into another folder",
                        e);
            }
        }

        int read(byte[] target, int from, int length, long position) throws IOException {
            lock.lock();
            try {
                file.seek(position);
                return file.read(target, from, length);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            lock.lock();
            try {
                file.close();
            } finally {
                lock.unlock();
            }
        }
    }

    /** The bytes of a file from an offset on. Owned by the thread that reads. */
    private static final class Bytes extends InputStream {
        private final SharedFile file;
        private long at;

        Bytes(SharedFile file, long at) {
            this.file = file;
            this.at = at;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int count = file.read(target, from, length, at);
            at += Math.max(0, count);
            return count;
        }
    }

    @Override
    public void close() throws IOException {
        try (pages) {
            links.close();
        }
    }
}
