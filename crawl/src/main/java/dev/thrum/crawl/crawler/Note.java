package dev.thrum.crawl.crawler;

import dev.thrum.crawl.crawler.Outcome.Content;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the frontier keeps of a finished URL, so that a crawl that is resumed knows what it knew.
 *
 * @param type of the outcome
 * @param content of the page; null if there is none
 * @param offset of its line among the pages
 * @param host a hash of its host
 * @param shape the hash of its shape
 * @param words the hash of what it says
 */
record Note(Type type, @Nullable Content content, long offset, long host, long shape, long words) {
    private static final int LENGTH = 1 + 6 * Long.BYTES;

    /** What became of the URL. */
    enum Type {
        SKIPPED(0),
        /** It has a line among the pages, and no content that counts. */
        ANSWERED(1),
        PAGE(2),
        /** A page with the content of another one. */
        DUPLICATE(3),
        SITEMAP(4);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        static Type of(byte code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new IllegalArgumentException("expected the code of an outcome from 0 to 4 but was " + code);
        }
    }

    static Note of(Type type) {
        return new Note(type, null, 0, 0, 0, 0);
    }

    byte[] bytes() {
        if (content == null) {
            return new byte[] {type.code};
        }
        return ByteBuffer.allocate(LENGTH)
                .put(type.code)
                .putLong(content.high())
                .putLong(content.low())
                .putLong(offset)
                .putLong(host)
                .putLong(shape)
                .putLong(words)
                .array();
    }

    static Note parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Type type = Type.of(buffer.get());
        if (!buffer.hasRemaining()) {
            return of(type);
        }
        Content content = new Content(buffer.getLong(), buffer.getLong());
        return new Note(type, content, buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /** The hash of a host's name by which {@link dev.thrum.crawl.url.Traps} know it when a crawl is resumed. */
    static long hashOf(String host) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < host.length(); i++) {
            hash = (hash ^ host.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The name of a host for the traps. */
    static String hostName(long hash) {
        return Long.toHexString(hash);
    }
}
