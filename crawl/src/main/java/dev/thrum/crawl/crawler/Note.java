package dev.thrum.crawl.crawler;

import dev.thrum.crawl.archive.PageRecord.Change;
import dev.thrum.crawl.crawler.Outcome.Content;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the frontier keeps of a finished URL, so that a crawl that is resumed knows what it knew, and one that refreshes it where its lines
 * are.
 *
 * @param type of the outcome
 * @param mark what a refresh has found
 * @param place of its lines; {@link Place#NONE} if it has none
 * @param content of the page; null if there is none
 * @param host a hash of its host
 * @param shape the hash of its shape
 * @param words the hash of what it says
 */
record Note(Type type, Mark mark, Place place, @Nullable Content content, long host, long shape, long words) {
    /** Of URLs that have a line among the pages, and lead to others. */
    static final Set<Type> LEADING = Set.of(Type.ANSWERED, Type.PAGE);

    private static final int TYPE_BITS = 4;
    private static final int CONTENT_BYTES = 5 * Long.BYTES;

    /** What became of the URL. */
    enum Type {
        SKIPPED(0),
        /** It has a line among the pages, and no content that counts. */
        ANSWERED(1),
        PAGE(2),
        /** A page with the content of another one. */
        DUPLICATE(3),
        SITEMAP(4),
        /** No URL, but the end of a refresh. The number of the page is how many are gone without a note that says so. */
        END(5);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        static Type of(int code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new IllegalArgumentException("expected the code of an outcome from 0 to 5 but was " + code);
        }
    }

    /**
     * What a refresh has found.
     *
     * @param change null if there is nothing to compare
     * @param isCarried whether the page has the links that it had before, since its body was not sent again
     */
    record Mark(@Nullable Change change, boolean isCarried) {
        static final Mark NONE = new Mark(null, false);

        /** The code of each is one more than its index. */
        private static final List<Change> CHANGES = List.of(Change.NEW, Change.CHANGED, Change.SAME, Change.GONE);

        private static final int CARRIED_BIT = 8;

        int code() {
            return (change == null ? 0 : CHANGES.indexOf(change) + 1) | (isCarried ? CARRIED_BIT : 0);
        }

        static Mark of(int code) {
            int change = code & (CARRIED_BIT - 1);
            return new Mark(change == 0 ? null : CHANGES.get(change - 1), (code & CARRIED_BIT) != 0);
        }
    }

    /**
     * Where the lines of a page are.
     *
     * @param page the offset of its own
     * @param links the offset of the first one of its links, if it has some
     */
    record Place(long page, long links) {
        static final Place NONE = new Place(-1, -1);
    }

    static Note of(Type type) {
        return new Note(type, Mark.NONE, Place.NONE, null, 0, 0, 0);
    }

    /** Of a URL that has a line among the pages, and no content that counts. */
    static Note answered(Mark mark, Place place) {
        return new Note(Type.ANSWERED, mark, place, null, 0, 0, 0);
    }

    /** Of a page that a refresh has not reached. */
    static Note gone() {
        return new Note(Type.SKIPPED, new Mark(Change.GONE, false), Place.NONE, null, 0, 0, 0);
    }

    /** At the end of a refresh. */
    static Note end(long gone) {
        return new Note(Type.END, Mark.NONE, new Place(gone, 0), null, 0, 0, 0);
    }

    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(1 + 7 * Long.BYTES);
        bytes.put((byte) (type.code | mark.code() << TYPE_BITS));
        if (!place.equals(Place.NONE)) {
            bytes.putLong(place.page).putLong(place.links);
        }
        if (content != null) {
            bytes.putLong(content.high()).putLong(content.low());
            bytes.putLong(host).putLong(shape).putLong(words);
        }
        byte[] used = new byte[bytes.flip().remaining()];
        bytes.get(used);
        return used;
    }

    /** The same without a place, for other processes. */
    Note withoutPlace() {
        return new Note(type, mark, Place.NONE, content, host, shape, words);
    }

    static Note parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int code = buffer.get() & 0xff;
        Type type = Type.of(code & (1 << TYPE_BITS) - 1);
        Mark mark = Mark.of(code >> TYPE_BITS);
        Place place =
                buffer.remaining() % CONTENT_BYTES > 0 ? new Place(buffer.getLong(), buffer.getLong()) : Place.NONE;
        if (!buffer.hasRemaining()) {
            return new Note(type, mark, place, null, 0, 0, 0);
        }
        Content content = new Content(buffer.getLong(), buffer.getLong());
        return new Note(type, mark, place, content, buffer.getLong(), buffer.getLong(), buffer.getLong());
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
