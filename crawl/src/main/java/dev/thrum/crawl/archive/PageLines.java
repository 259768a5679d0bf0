package dev.thrum.crawl.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The lines of a {@code pages.jsonl}, read one after the other; also of a crawl that has not ended: a last line without
 * its line feed doesn't count. Owned by one thread.
 */
public final class PageLines implements AutoCloseable {
    private final RecordedLines lines;

    private PageLines(RecordedLines lines) {
        this.lines = lines;
    }

    /**
     * Opens the pages of a crawl.
     *
     * @param folder that the crawl has written to
     */
    public static PageLines open(Path folder) throws IOException {
        return new PageLines(RecordedLines.allPages(folder));
    }

    /**
     * The next line; empty after the last.
     *
     * @throws IOException if the file can't be read or the line is malformed; the message names both
     */
    public Optional<PageLine> next() throws IOException {
        return lines.next() ? Optional.of(lines.page()) : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
