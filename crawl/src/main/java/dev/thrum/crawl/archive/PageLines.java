package dev.thrum.crawl.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The lines of a {@code pages.jsonl}, read one after the other; also of a crawl that has not ended: a last line without
 * its line feed doesn't count. Owned by one thread.
 */
public final class PageLines implements AutoCloseable {
    static final int BUFFER = 64 * 1024;

    private final Path path;
    private final LineReader lines;

    private PageLines(Path path, LineReader lines) {
        this.path = path;
        this.lines = lines;
    }

    /**
     * Opens the pages of a crawl.
     *
     * @param folder that the crawl has written to
     */
    public static PageLines open(Path folder) throws IOException {
        Path path = folder.resolve(LineFiles.PAGES);
        return new PageLines(path, new LineReader(Files.newInputStream(path), BUFFER));
    }

    /**
     * The next line; empty after the last.
     *
     * @throws IOException if the file can't be read or the line is malformed; the message names both
     */
    public Optional<PageLine> next() throws IOException {
        if (!lines.next()) {
            return Optional.empty();
        }
        try {
            return Optional.of(lines.parsed(PageLine::parse));
        } catch (IOException e) {
            throw new IOException(
                    "expected a page in line " + lines.number() + " of " + path + " but was something else: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
