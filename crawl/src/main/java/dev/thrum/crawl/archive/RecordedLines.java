package dev.thrum.crawl.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The lines of a file of a crawl, read one after the other; a last line without its line feed doesn't count. Owned by
 * one thread.
 */
public final class RecordedLines implements AutoCloseable {
    static final int BUFFER = 64 * 1024;

    private final Path path;
    private final LineReader lines;

    private RecordedLines(Path path, LineReader lines) {
        this.path = path;
        this.lines = lines;
    }

    /**
     * Opens {@code pages.jsonl}.
     *
     * @param folder that the crawl has written to
     * @param length the number of bytes of the file that count
     * @throws IOException if the file has fewer, or can't be read
     */
    public static RecordedLines pages(Path folder, long length) throws IOException {
        return open(folder.resolve(CrawlOutputs.PAGES), length);
    }

    /** Opens {@code links.jsonl} likewise. */
    public static RecordedLines links(Path folder, long length) throws IOException {
        return open(folder.resolve(CrawlOutputs.LINKS), length);
    }

    /** Opens {@code skipped.jsonl} likewise. */
    public static RecordedLines skipped(Path folder, long length) throws IOException {
        return open(folder.resolve(CrawlOutputs.SKIPPED), length);
    }

    private static RecordedLines open(Path path, long length) throws IOException {
        AppendFile.requireLength(path, length);
        return new RecordedLines(path, new LineReader(new Begin(Files.newInputStream(path), length), BUFFER));
    }

    /** All lines of {@code pages.jsonl}, also while it grows. */
    static RecordedLines allPages(Path folder) throws IOException {
        Path path = folder.resolve(CrawlOutputs.PAGES);
        return new RecordedLines(path, new LineReader(Files.newInputStream(path), BUFFER));
    }

    /** The begin of a stream. Owned by one thread. */
    private static final class Begin extends FilterInputStream {
        private long left;

        Begin(InputStream source, long length) {
            super(source);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(target, from, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }
    }

    /** Goes to the next line; false after the last. */
    public boolean next() throws IOException {
        return lines.next();
    }

    /** Where the line begins: the number of bytes before it. */
    public long offset() {
        return lines.offset();
    }

    /** Writes the line as it is, with its line feed. */
    public void writeTo(OutputStream out) throws IOException {
        lines.writeTo(out);
    }

    /**
     * The page that the line describes.
     *
     * @throws IOException if the line is malformed; the message names file and line
     */
    public PageLine page() throws IOException {
        return parsed("a page", PageLine::parse);
    }

    /**
     * The text of a member of the line.
     *
     * @throws IOException if there is none, or the line is malformed; the message names file and line
     */
    public String text(String member) throws IOException {
        return parsed("an object with the member \"" + member + "\"", (bytes, offset, length) -> {
            Member found = new Member(member);
            JsonMembers.read(bytes, offset, length, found::read);
            return found.value();
        });
    }

    /** One member of a line. Owned by the thread that reads it. */
    private static final class Member {
        private final String name;
        private @Nullable String value;

        Member(String name) {
            this.name = name;
        }

        void read(String found, JsonToken kind, JsonParser parser) {
            if (found.equals(name) && kind == JsonToken.VALUE_STRING) {
                value = parser.getString();
            }
        }

        String value() throws IOException {
            if (value == null) {
                throw new IOException("it has none");
            }
            return value;
        }
    }

    private <T> T parsed(String what, LineReader.Parser<T> parser) throws IOException {
        try {
            return lines.parsed(parser);
        } catch (IOException e) {
            throw new IOException(
                    "expected " + what + " in line " + lines.number() + " of " + path + " but was something else: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
