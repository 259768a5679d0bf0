package dev.thrum.http.client;

import dev.thrum.http.client.ResponseException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What is packed with gzip, unpacked while it is read. Decodes gzip (RFC 1952): complete members with correct checksums, one after the other, and strictly nothing after
 * them. Tolerantly, other bytes may follow, and the last checksum may be missing.
 *
 * <p>The stream of the JDK calls {@code available} to find out whether another member follows, which a network can't
 * tell. Owned by the thread that reads.
 */
public final class Gunzip extends InputStream implements Decoder {
    private static final int BUFFER = 8 * 1024;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final boolean tolerant;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final CRC32 headerChecksum = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private boolean within;
    private boolean begun;

    /**
     * A stream of the content.
     *
     * @param in stays open
     * @param tolerant whether it may have bytes after its members, and no checksum of the last one
     */
    public Gunzip(InputStream in, boolean tolerant) {
        this.in = in;
        this.tolerant = tolerant;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws ResponseException if the data is malformed or incomplete */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (within || hasNextMember()) {
            int count = inflate(target, offset, length);
            if (count > 0) {
                checksum.update(target, offset, count);
                return count;
            }
        }
        return -1;
    }

    /** An empty body has no member, even if the head declares gzip. */
    private boolean hasNextMember() throws IOException {
        if (position == limit && !fill()) {
            return false;
        }
        if (tolerant && begun && !nextBegins()) {
            // Leniency.PADDING_AFTER_CODING
            while (fill()) {
                // All of it is ignored.
            }
            return false;
        }
        header();
        inflater.reset();
        checksum.reset();
        within = true;
        begun = true;
        return true;
    }

    /** Whether the next byte begins a member; there is one. */
    private boolean nextBegins() throws IOException {
        if (limit - position == 1) {
            buffer[0] = buffer[position];
            position = 0;
            limit = 1 + Math.max(0, in.read(buffer, 1, buffer.length - 1));
        }
        return limit - position > 1 && (buffer[position] & 0xff) == 0x1f && (buffer[position + 1] & 0xff) == 0x8b;
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            int count = inflater.inflate(target, offset, length);
            if (count > 0) {
                return count;
            }
            if (inflater.needsDictionary()) {
                throw ResponseException.malformed("Malformed gzip: expected no preset dictionary");
            }
            if (inflater.finished()) {
                position = limit - inflater.getRemaining();
                trailer();
                within = false;
            } else if (inflater.needsInput()) {
                require();
                inflater.setInput(buffer, position, limit - position);
                position = limit;
            }
            return 0;
        } catch (DataFormatException e) {
            throw new ResponseException(Kind.MALFORMED, "Malformed gzip: expected deflated data", e);
        }
    }

    private void header() throws IOException {
        headerChecksum.reset();
        if (next() != 0x1f || next() != 0x8b || next() != 8) {
            throw ResponseException.malformed(
                    begun
                            ? "Malformed gzip: expected another member or nothing after the first one"
                            : "Malformed gzip: expected it to begin with 1f 8b 08");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw ResponseException.malformed("Malformed gzip: expected the reserved flags to be 0");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        int expected = (int) headerChecksum.getValue() & 0xffff;
        if ((flags & HEADER_CRC) != 0 && (next() | next() << 8) != expected) {
            throw ResponseException.malformed("Malformed gzip: expected the checksum of its header to be right");
        }
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var _ = next();
        }
    }

    private void skipText() throws IOException {
        while (next() != 0) {
            // The limit of the body bounds it.
        }
    }

    private void trailer() throws IOException {
        if (tolerant && endsWithin(8)) {
            // Leniency.MISSING_GZIP_TRAILER
            return;
        }
        if (fourBytes() != (int) checksum.getValue()) {
            throw ResponseException.malformed("Malformed gzip: expected its checksum to be right");
        }
        if (fourBytes() != (int) inflater.getBytesWritten()) {
            throw ResponseException.malformed("Malformed gzip: expected as many bytes as its trailer declares");
        }
    }

    /** Whether fewer than this many bytes follow; if so, they are skipped. */
    private boolean endsWithin(int count) throws IOException {
        if (limit - position < count) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        while (limit - position < count) {
            int read = in.read(buffer, limit, buffer.length - limit);
            if (read < 0) {
                position = limit;
                return true;
            }
            limit += read;
        }
        return false;
    }

    private int fourBytes() throws IOException {
        return next() | next() << 8 | next() << 16 | next() << 24;
    }

    private int next() throws IOException {
        require();
        headerChecksum.update(buffer[position]);
        return buffer[position++] & 0xff;
    }

    private void require() throws IOException {
        if (position == limit && !fill()) {
            throw new ResponseException(
                    Kind.CUT, "Incomplete body: expected more gzip data but the body ended before", null);
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    /** Frees native memory. Idempotent. */
    @Override
    public void close() {
        inflater.end();
    }
}
