package dev.thrum.crawl.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.store.ByteArrayDataOutput;
import org.apache.lucene.util.compress.LZ4;

/** What happens to a page in the index. */
sealed interface PendingRecord {
    /** The page is new. */
    record Add(IndexedPage page) implements PendingRecord {}

    /** The page takes the place of the one with its URL, if there is one. */
    record Replace(IndexedPage page) implements PendingRecord {}

    /** The page with this URL is gone. */
    record Remove(String url) implements PendingRecord {}

    /**
     * The bytes of records: a head of three numbers, which are the length of what follows, its length before compression
     * (LZ4), and a CRC-32C of all that. Owned by one thread.
     */
    final class Format {
        static final int HEAD = 3 * Integer.BYTES;

        /** No record is larger: a page has at most a few megabytes. */
        private static final int MOST = 1 << 28;

        private static final byte ADD = 1;
        private static final byte REPLACE = 2;
        private static final byte REMOVE = 3;

        private final LZ4.FastCompressionHashTable table = new LZ4.FastCompressionHashTable();
        private byte[] room = new byte[1 << 16];

        /** The bytes of a record, which are valid until the next call. */
        ByteBuffer write(PendingRecord record) throws IOException {
            byte[] plain = switch (record) {
                case Add(IndexedPage page) -> plain(ADD, texts(page));
                case Replace(IndexedPage page) -> plain(REPLACE, texts(page));
                case Remove(String url) -> plain(REMOVE, url);
            };
            if (plain.length > MOST) {
                throw new IOException(
                        "expected a page of at most " + MOST + " bytes of text but it has " + plain.length);
            }
            // The most that LZ4 makes of bytes that it can't compress.
            int bound = HEAD + plain.length + plain.length / 255 + 16;
            if (room.length < bound) {
                room = new byte[Math.max(bound, 2 * room.length)];
            }
            ByteArrayDataOutput out = new ByteArrayDataOutput(room, HEAD, room.length - HEAD);
            LZ4.compress(plain, 0, plain.length, out, table);
            int length = out.getPosition() - HEAD;
            ByteBuffer bytes = ByteBuffer.wrap(room, 0, HEAD + length);
            bytes.putInt(length).putInt(plain.length).putInt(sum(plain.length, room, HEAD, length));
            return bytes.rewind();
        }

        private static String[] texts(IndexedPage page) {
            return new String[] {page.url(), page.host(), page.title(), page.headings(), page.body()};
        }

        private static byte[] plain(byte kind, String... texts) {
            byte[][] parts = new byte[texts.length][];
            int size = 1;
            for (int i = 0; i < texts.length; i++) {
                parts[i] = texts[i].getBytes(UTF_8);
                size = Math.addExact(size, Math.addExact(Integer.BYTES, parts[i].length));
            }
            ByteBuffer plain = ByteBuffer.allocate(size).put(kind);
            for (byte[] part : parts) {
                plain.putInt(part.length).put(part);
            }
            return plain.array();
        }

        /**
         * The length of what follows a head.
         *
         * @throws IOException if it is no head
         */
        static int length(ByteBuffer head) throws IOException {
            int length = head.getInt(0);
            int plain = head.getInt(Integer.BYTES);
            if (length <= 0 || length > MOST + MOST / 255 + 16 || plain <= 0 || plain > MOST) {
                throw new IOException("the head of a record is damaged");
            }
            return length;
        }

        /**
         * The record of a head and what follows it.
         *
         * @throws IOException if it is damaged
         */
        static PendingRecord read(ByteBuffer head, byte[] bytes, int length) throws IOException {
            int size = head.getInt(Integer.BYTES);
            if (head.getInt(2 * Integer.BYTES) != sum(size, bytes, 0, length)) {
                throw new IOException("the checksum of a record is wrong");
            }
            byte[] plain = new byte[size];
            int found = LZ4.decompress(new ByteArrayDataInput(bytes, 0, length), size, plain, 0);
            if (found != size) {
                throw new IOException("expected a record of " + size + " bytes but it has " + found);
            }
            ByteBuffer texts = ByteBuffer.wrap(plain);
            byte kind = texts.get();
            return switch (kind) {
                case ADD -> new Add(page(texts));
                case REPLACE -> new Replace(page(texts));
                case REMOVE -> new Remove(text(texts));
                default -> throw new IOException("expected a known kind of record but was " + kind);
            };
        }

        private static IndexedPage page(ByteBuffer texts) {
            return new IndexedPage(text(texts), text(texts), text(texts), text(texts), text(texts));
        }

        private static String text(ByteBuffer texts) {
            int length = texts.getInt();
            String text = new String(texts.array(), texts.arrayOffset() + texts.position(), length, UTF_8);
            texts.position(texts.position() + length);
            return text;
        }

        private static int sum(int plain, byte[] bytes, int from, int length) {
            CRC32C sum = new CRC32C();
            sum.update(ByteBuffer.allocate(Integer.BYTES).putInt(plain).flip());
            sum.update(bytes, from, length);
            return (int) sum.getValue();
        }
    }
}
