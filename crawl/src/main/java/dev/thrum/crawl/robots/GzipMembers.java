package dev.thrum.crawl.robots;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What is packed with gzip (RFC 1952): one member after the other, up to the end or to other bytes, which are ignored.
 * Owned by the thread that reads.
 *
 * <p>The stream of the JDK calls itself once for each member that is empty, until the stack overflows.
 */
final class GzipMembers extends InputStream {
    private static final int BUFFER = 8192;
    private static final int FIXED = 6;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private boolean isWithin;

    /**
     * The packed bytes.
     *
     * @param in stays open
     */
    GzipMembers(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (isWithin || beginMember()) {
            int count = inflate(target, offset, length);
            if (count > 0) {
                checksum.update(target, offset, count);
                return count;
            }
        }
        return -1;
    }

    /** Reads the header of a member; false if none follows. */
    private boolean beginMember() throws IOException {
        if (!hasMagic()) {
            return false;
        }
        from += 2;
        require(next() == 8, "deflated data");
        int flags = next();
        skip(FIXED);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        checksum.reset();
        isWithin = true;
        return true;
    }

    private boolean hasMagic() throws IOException {
        if (to - from < 2) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
            int count = 0;
            while (to < 2 && count >= 0) {
                count = in.read(buffer, to, BUFFER - to);
                to += Math.max(count, 0);
            }
        }
        return to - from >= 2 && buffer[from] == (byte) 0x1f && buffer[from + 1] == (byte) 0x8b;
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            int count = inflater.inflate(target, offset, length);
            if (count > 0) {
                return count;
            }
        } catch (DataFormatException _) {
            require(false, "deflated data");
        }
        require(!inflater.needsDictionary(), "no dictionary");
        if (inflater.finished()) {
            from = to - inflater.getRemaining();
            require(fourBytes() == (int) checksum.getValue(), "the checksum of its content");
            require(fourBytes() == (int) inflater.getBytesWritten(), "the length of its content");
            isWithin = false;
        } else {
            require(from < to || fill(), "more of it");
            inflater.setInput(buffer, from, to - from);
            from = to;
        }
        return 0;
    }

    private void skip(int count) throws IOException {
        for (int left = count; left > 0; left--) {
            var _ = next();
        }
    }

    private void skipText() throws IOException {
        while (next() != 0) {
            // The limit of the packed bytes bounds it.
        }
    }

    private int fourBytes() throws IOException {
        return next() | next() << 8 | next() << 16 | next() << 24;
    }

    private int next() throws IOException {
        require(from < to || fill(), "more of it");
        return buffer[from++] & 0xff;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(in.read(buffer, 0, BUFFER), 0);
        return to > 0;
    }

    private static void require(boolean holds, String expected) throws MalformedSitemapException {
        if (!holds) {
            throw new MalformedSitemapException("malformed gzip: expected " + expected);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
