package dev.thrum.crawl.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The lines of a {@code pages.jsonl}, read one after the other; also of a crawl that has not ended: a last line without
 * its line feed doesn't count. Owned by one thread.
 */
public final class PageLines implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final Path path;
    private final InputStream source;

    // What was read and not returned yet is from position to limit.
    private byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    private long number;

    private PageLines(Path path, InputStream source) {
        this.path = path;
        this.source = source;
    }

    /**
     * Opens the pages of a crawl.
     *
     * @param folder that the crawl has written to
     */
    public static PageLines open(Path folder) throws IOException {
        Path path = folder.resolve(LineFiles.PAGES);
        return new PageLines(path, Files.newInputStream(path));
    }

    /**
     * The next line; empty after the last.
     *
     * @throws IOException if the file can't be read or the line is malformed; the message names both
     */
    public Optional<PageLine> next() throws IOException {
        int end = lineEnd();
        if (end < 0) {
            return Optional.empty();
        }
        number++;
        try {
            return Optional.of(PageLine.parse(buffer, position, end - position));
        } catch (IOException e) {
            throw new IOException(
                    "expected a page in line " + number + " of " + path + " but was something else: " + e.getMessage(),
                    e);
        } finally {
            position = end + 1;
        }
    }

    /** The index of the next line feed; -1 if there is none. */
    private int lineEnd() throws IOException {
        int from = position;
        while (true) {
            for (int at = from; at < limit; at++) {
                if (buffer[at] == '\n') {
                    return at;
                }
            }
            int known = limit - position;
            if (!fill()) {
                return -1;
            }
            from = position + known;
        }
    }

    /** Reads more; false at the end of the file. */
    private boolean fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int count = source.read(buffer, limit, buffer.length - limit);
        limit += Math.max(0, count);
        return count >= 0;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
