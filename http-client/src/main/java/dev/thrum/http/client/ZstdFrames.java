package dev.thrum.http.client;

import dev.thrum.http.client.ResponseException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * The frames of a Zstandard stream, checked before the decoder sees them (RFC 8878, section 3): what a frame claims to
 * need must be bounded, because the decoder believes it. Frames with other content are left out. Owned by the thread
 * that reads.
 */
final class ZstdFrames extends InputStream {
    /** RFC 9659, 3. */
    static final long MOST_WINDOW = 8L * 1024 * 1024;

    private static final int MAGIC = 0xfd2fb528;
    private static final int SKIPPABLE = 0x184d2a50;
    private static final int MOST_BLOCK = 128 * 1024;
    private static final int SMALLEST_WINDOW_LOG = 10;
    private static final int RUN = 1;
    private static final int RESERVED = 3;
    private static final int CHECKSUM = 4;
    private static final int LONGEST_HEADER = 18;

    private final RewindableInput in;
    private final boolean tolerant;

    /** A header that was read and checked, and is passed on next. */
    private final byte[] header = new byte[LONGEST_HEADER];

    private int headerPosition;
    private int headerLimit;

    /** The number of bytes that are passed on after the header. */
    private long left;

    private Next next = Next.FRAME;
    private boolean begun;
    private boolean hasChecksum;

    private enum Next {
        FRAME,
        BLOCK,
        CHECKSUM,
        END
    }

    ZstdFrames(RewindableInput in, boolean tolerant) {
        this.in = in;
        this.tolerant = tolerant;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        while (headerPosition == headerLimit && left == 0) {
            if (!advance()) {
                return -1;
            }
        }
        if (headerPosition < headerLimit) {
            int count = Math.min(length, headerLimit - headerPosition);
            System.arraycopy(header, headerPosition, target, offset, count);
            headerPosition += count;
            return count;
        }
        int count = in.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw cut();
        }
        left -= count;
        return count;
    }

    /** Reads the next header; false at the end. */
    private boolean advance() throws IOException {
        headerPosition = 0;
        headerLimit = 0;
        switch (next) {
            case FRAME -> frame();
            case BLOCK -> block();
            case CHECKSUM -> {
                left = CHECKSUM;
                next = Next.FRAME;
            }
            case END -> {
                return false;
            }
        }
        return true;
    }

    private void frame() throws IOException {
        int magic = magic();
        if (next == Next.END) {
            return;
        }
        begun = true;
        if ((magic & ~0xf) == SKIPPABLE) {
            headerLimit = 0;
            need(4);
            leaveOut(littleEndian(0, 4));
            headerLimit = 0;
            return;
        }
        need(1);
        int descriptor = header[4] & 0xff;
        boolean single = (descriptor & 0x20) != 0;
        hasChecksum = (descriptor & 4) != 0;
        int windowBytes = single ? 0 : 1;
        int dictionaryBytes = (1 << (descriptor & 3)) >> 1;
        int sizeCode = descriptor >> 6;
        int sizeBytes = sizeCode == 0 ? (single ? 1 : 0) : 1 << sizeCode;
        need(windowBytes + dictionaryBytes + sizeBytes);
        if (littleEndian(5 + windowBytes, dictionaryBytes) != 0) {
            throw ResponseException.malformed("Malformed zstd: expected no dictionary");
        }
        long size = littleEndian(5 + windowBytes + dictionaryBytes, sizeBytes) + (sizeBytes == 2 ? 256 : 0);
        requireWindow(single ? size : window(header[5] & 0xff));
        next = Next.BLOCK;
    }

    /** Reads the first bytes of a frame into the header; there is no further frame if they are of something else. */
    private int magic() throws IOException {
        byte[] first = new byte[4];
        int count = in.readNBytes(first, 0, first.length);
        System.arraycopy(first, 0, header, 0, count);
        headerLimit = count;
        int magic = (int) littleEndian(0, 4);
        boolean known = count == 4 && (magic == MAGIC || (magic & ~0xf) == SKIPPABLE);
        if (known) {
            return magic;
        }
        boolean padding = begun && tolerant;
        if (count > 0 && !padding) {
            throw count < 4
                    ? cut()
                    : ResponseException.malformed(
                            begun
                                    ? "Malformed zstd: expected another frame or nothing after the first one"
                                    : "Malformed zstd: expected it to begin with 28 b5 2f fd");
        }
        // Leniency.PADDING_AFTER_CODING
        byte[] rest = new byte[1024];
        while (in.read(rest, 0, rest.length) >= 0) {
            // All of it is ignored.
        }
        headerLimit = 0;
        next = Next.END;
        return 0;
    }

    private static long window(int descriptor) {
        long base = 1L << (SMALLEST_WINDOW_LOG + (descriptor >> 3));
        return base + base / 8 * (descriptor & 7);
    }

    /** A size of eight bytes may be negative, as if it were above 2^63. */
    private static void requireWindow(long window) throws IOException {
        if (window < 0 || window > MOST_WINDOW) {
            throw new ResponseException(
                    Kind.TOO_LARGE,
                    "Content too large: expected a zstd window of at most " + MOST_WINDOW + " bytes but was "
                            + Long.toUnsignedString(window),
                    null);
        }
    }

    private void block() throws IOException {
        need(3);
        int block = (int) littleEndian(0, 3);
        int type = block >> 1 & 3;
        int size = block >> 3;
        if (type == RESERVED || size > MOST_BLOCK) {
            throw ResponseException.malformed("Malformed zstd: expected a block of at most " + MOST_BLOCK + " bytes");
        }
        left = type == RUN ? 1 : size;
        if ((block & 1) != 0) {
            next = hasChecksum ? Next.CHECKSUM : Next.FRAME;
        }
    }

    /** Reads this many bytes to the end of the header. */
    private void need(int count) throws IOException {
        if (in.readNBytes(header, headerLimit, count) < count) {
            throw cut();
        }
        headerLimit += count;
    }

    private void leaveOut(long count) throws IOException {
        byte[] some = new byte[1024];
        for (long rest = count; rest > 0; ) {
            int read = in.read(some, 0, (int) Math.min(some.length, rest));
            if (read < 0) {
                throw cut();
            }
            rest -= read;
        }
    }

    private long littleEndian(int offset, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (header[offset + i] & 0xffL) << (8 * i);
        }
        return value;
    }

    private static ResponseException cut() {
        return new ResponseException(
                Kind.CUT, "Incomplete body: expected more zstd data but the body ended before", null);
    }
}
