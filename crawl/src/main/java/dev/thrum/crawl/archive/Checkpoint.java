package dev.thrum.crawl.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The durable lengths of all outputs at one moment, in bytes.
 *
 * @param pages of {@code pages.jsonl}
 * @param links of {@code links.jsonl}
 * @param skipped of {@code skipped.jsonl}
 * @param warc of the WARC files
 */
public record Checkpoint(long pages, long links, long skipped, Position warc) {
    /** Before anything was written. */
    static final Checkpoint NOTHING = new Checkpoint(0, 0, 0, Position.NOTHING);

    private static final byte VERSION = 1;
    private static final int CONTENT = 1 + 5 * Long.BYTES + Integer.BYTES + 1 + 2 * Long.BYTES;
    private static final int SIZE = CONTENT + Integer.BYTES;

    /**
     * The end of the last WARC file.
     *
     * @param number of the file, from 1; 0 if there is none yet
     * @param gzip whether it is compressed
     * @param length of the file
     * @param earlier the bytes in all files before it
     * @param info the ID of the record that it begins with
     */
    public record Position(int number, boolean gzip, long length, long earlier, UUID info) {
        static final Position NOTHING = new Position(0, false, 0, 0, new UUID(0, 0));
    }

    /** What counts all that is in a folder, whose outputs are complete. */
    public static Checkpoint ofAll(Path folder) throws IOException {
        Position warc = Position.NOTHING;
        Path last = lastWarc(folder.resolve(CrawlOutputs.WARC));
        if (last != null) {
            WarcName name = WarcName.of(last).orElseThrow();
            warc = new Position(name.number(), name.gzip(), Files.size(last), 0, new UUID(0, 0));
        }
        return new Checkpoint(
                Files.size(folder.resolve(CrawlOutputs.PAGES)),
                Files.size(folder.resolve(CrawlOutputs.LINKS)),
                Files.size(folder.resolve(CrawlOutputs.SKIPPED)),
                warc);
    }

    private static @Nullable Path lastWarc(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return null;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> WarcName.of(entry).isPresent())
                    .max(Comparator.comparingInt(
                            entry -> WarcName.of(entry).orElseThrow().number()))
                    .orElse(null);
        }
    }

    byte[] encode() {
        byte[] bytes = new byte[SIZE];
        ByteBuffer content = ByteBuffer.wrap(bytes)
                .put(VERSION)
                .putLong(pages)
                .putLong(links)
                .putLong(skipped)
                .putLong(warc.length)
                .putLong(warc.earlier)
                .putInt(warc.number)
                .put((byte) (warc.gzip ? 1 : 0))
                .putLong(warc.info.getMostSignificantBits())
                .putLong(warc.info.getLeastSignificantBits());
        content.putInt(checksum(bytes));
        return bytes;
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, CONTENT);
        return (int) checksum.getValue();
    }

    /**
     * Reads what {@link CrawlOutputs#checkpoint} has returned.
     *
     * @throws IOException if it is of another version or damaged
     */
    public static Checkpoint decode(byte[] encoded) throws IOException {
        if (encoded.length > 0 && encoded[0] != VERSION) {
            throw new IOException("expected a checkpoint of the outputs of version " + VERSION + " but was "
                    + encoded[0] + ": resume with the release that has begun the crawl");
        }
        if (encoded.length != SIZE || ByteBuffer.wrap(encoded).getInt(CONTENT) != checksum(encoded)) {
            throw new IOException("expected a checkpoint of the outputs of " + SIZE
                    + " bytes with their checksum but these " + encoded.length + " bytes are damaged");
        }
        ByteBuffer bytes = ByteBuffer.wrap(encoded).position(1);
        long pages = bytes.getLong();
        long links = bytes.getLong();
        long skipped = bytes.getLong();
        long length = bytes.getLong();
        long earlier = bytes.getLong();
        int number = bytes.getInt();
        boolean gzip = bytes.get() != 0;
        UUID info = new UUID(bytes.getLong(), bytes.getLong());
        return new Checkpoint(pages, links, skipped, new Position(number, gzip, length, earlier, info));
    }
}
