package dev.thrum.crawl.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.NewUrl;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** A record in the log of a partition. */
sealed interface SharedRecord {
    /** A URL was found. */
    record Found(NewUrl url) implements SharedRecord {
        @Override
        public byte[] encode() {
            byte[] text = url.url().getBytes(UTF_8);
            byte[] host =
                    url.url().startsWith(url.host()) ? NOTHING : url.host().getBytes(UTF_8);
            byte[] from = url.from().getBytes(UTF_8);
            int length = 1 + 3 * Long.BYTES + 1 + 5 * Integer.BYTES + text.length + host.length + from.length;
            ByteBuffer bytes = begin(FOUND, url.fingerprint(), length)
                    .putLong(url.shape())
                    .put(url.kind())
                    .putInt(url.depth())
                    .putInt(host.length == 0 ? url.host().length() : -1);
            return put(put(put(bytes, text), host), from).array();
        }
    }

    /**
     * A URL is done.
     *
     * @param note of the crawl
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Done(Fingerprint fingerprint, int depth, byte[] note, String url) implements SharedRecord {
        @Override
        public byte[] encode() {
            byte[] text = url.getBytes(UTF_8);
            int length = 1 + 2 * Long.BYTES + 3 * Integer.BYTES + note.length + text.length;
            return put(put(begin(DONE, fingerprint, length).putInt(depth), note), text)
                    .array();
        }
    }

    /** A member has begun to ask the hosts of the partition. */
    record Opened(String member) implements SharedRecord {
        @Override
        public byte[] encode() {
            return SharedRecord.ofMember(OPENED, member);
        }
    }

    /** A member asks the hosts of the partition no more, and has told everything about them. */
    record Closed(String member) implements SharedRecord {
        @Override
        public byte[] encode() {
            return SharedRecord.ofMember(CLOSED, member);
        }
    }

    byte FOUND = 1;
    byte DONE = 2;
    byte OPENED = 3;
    byte CLOSED = 4;
    byte[] NOTHING = {};

    byte[] encode();

    /**
     * Reads a record.
     *
     * @throws IOException if it is of another version
     */
    static SharedRecord decode(byte[] value) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        try {
            byte type = bytes.get();
            return switch (type) {
                case FOUND -> found(bytes);
                case DONE -> {
                    Fingerprint fingerprint = new Fingerprint(bytes.getLong(), bytes.getLong());
                    yield new Done(fingerprint, bytes.getInt(), octets(bytes), text(bytes));
                }
                case OPENED -> new Opened(text(bytes));
                case CLOSED -> new Closed(text(bytes));
                default ->
                    throw new IOException("expected a record of type 1 to 4 but it is " + type
                            + ": use the release of Thrum that began the crawl");
            };
        } catch (BufferUnderflowException | NegativeArraySizeException | IndexOutOfBoundsException e) {
            throw new IOException("expected a whole record but it ends early: the topic holds something else", e);
        }
    }

    private static Found found(ByteBuffer bytes) {
        Fingerprint fingerprint = new Fingerprint(bytes.getLong(), bytes.getLong());
        long shape = bytes.getLong();
        byte kind = bytes.get();
        int depth = bytes.getInt();
        int hostLength = bytes.getInt();
        String url = text(bytes);
        String other = text(bytes);
        String host = hostLength < 0 ? other : url.substring(0, hostLength);
        return new Found(new NewUrl(fingerprint, url, host, shape, depth, text(bytes), kind));
    }

    private static ByteBuffer begin(byte type, Fingerprint fingerprint, int length) {
        return ByteBuffer.allocate(length).put(type).putLong(fingerprint.high()).putLong(fingerprint.low());
    }

    private static byte[] ofMember(byte type, String member) {
        byte[] text = member.getBytes(UTF_8);
        return put(ByteBuffer.allocate(1 + Integer.BYTES + text.length).put(type), text)
                .array();
    }

    private static ByteBuffer put(ByteBuffer to, byte[] octets) {
        return to.putInt(octets.length).put(octets);
    }

    private static byte[] octets(ByteBuffer from) {
        byte[] octets = new byte[Math.min(from.getInt(), from.remaining() + 1)];
        from.get(octets);
        return octets;
    }

    private static String text(ByteBuffer from) {
        return new String(octets(from), UTF_8);
    }
}
