package dev.thrum.crawl.merge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The records of a WARC file that a crawl has written, one after the other: plain, or each a gzip member of its own, which is checked. Owned by one
 * thread.
 */
final class WarcScan implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** The longest head of a record, and the longest record about a file. */
    private static final int MOST_FIRST = 1 << 16;

    private static final byte[] EMPTY_LINE = {'\r', '\n', '\r', '\n'};
    private static final int GZIP_HEAD = 10;
    private static final int GZIP_END = 8;

    private final Path path;
    private final boolean gzip;
    private final long length;
    private final FileChannel file;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] block = new byte[BUFFER];

    /** What was read ahead. */
    private final ByteBuffer input = ByteBuffer.allocate(BUFFER).limit(0);

    /** Where the byte after what was read ahead is. */
    private long inputEnd;

    private long start;
    private long end;

    /** The first bytes of the record; how many of them there are, and how many its head has. */
    private final byte[] first = new byte[MOST_FIRST];

    private int firstLength;
    private int headLength;
    private String head = "";

    /** @param length the number of bytes of the file that count */
    WarcScan(Path path, boolean gzip, long length) throws IOException {
        this.path = path;
        this.gzip = gzip;
        this.length = length;
        this.file = FileChannel.open(path, StandardOpenOption.READ);
    }

    /** Goes to the next record; false after the last. */
    boolean next() throws IOException {
        start = end;
        if (start == length) {
            return false;
        }
        firstLength = 0;
        headLength = 0;
        if (gzip) {
            nextMember();
        } else {
            nextPlain();
        }
        return true;
    }

    private void nextMember() throws IOException {
        byte[] magic = bytes(GZIP_HEAD);
        if (magic[0] != 0x1f || magic[1] != (byte) 0x8b || magic[2] != 8 || magic[3] != 0) {
            throw damaged("expected a gzip member");
        }
        inflater.reset();
        checksum.reset();
        while (!inflater.finished()) {
            if (inflater.needsInput()) {
                require();
                inflater.setInput(input.array(), input.position(), input.remaining());
                input.position(input.limit());
            }
            try {
                int count = inflater.inflate(block);
                checksum.update(block, 0, count);
                int kept = Math.min(count, first.length - firstLength);
                System.arraycopy(block, 0, first, firstLength, kept);
                firstLength += kept;
            } catch (DataFormatException e) {
                throw damaged("expected compressed data");
            }
        }
        input.position(input.limit() - inflater.getRemaining());
        long size = inflater.getBytesWritten();
        byte[] last = bytes(GZIP_END);
        if (littleEndian(last, 0) != (int) checksum.getValue() || littleEndian(last, Integer.BYTES) != (int) size) {
            throw damaged("expected another checksum");
        }
        end = position();
        if (!findHead() || size != headLength + blockLength() + EMPTY_LINE.length) {
            throw damaged("expected a record with its length");
        }
    }

    private void nextPlain() throws IOException {
        while (!findHead()) {
            if (firstLength == first.length) {
                throw damaged("expected the head of a record");
            }
            require();
            first[firstLength++] = input.get();
        }
        end = start + headLength + blockLength() + EMPTY_LINE.length;
        if (end > length) {
            throw damaged("expected a record of " + (end - start) + " bytes but the file ends");
        }
        long skipped = end - position();
        if (skipped <= input.remaining()) {
            input.position(input.position() + (int) skipped);
        } else {
            input.limit(0);
            inputEnd = end;
        }
    }

    /** Whether the end of the head is among the first bytes; notes it. */
    private boolean findHead() {
        // The plain form calls this after each byte, so only the end can be new.
        int from = gzip ? 0 : Math.max(0, firstLength - EMPTY_LINE.length);
        for (int at = from; at + EMPTY_LINE.length <= firstLength; at++) {
            if (Arrays.equals(first, at, at + EMPTY_LINE.length, EMPTY_LINE, 0, EMPTY_LINE.length)) {
                headLength = at + EMPTY_LINE.length;
                head = new String(first, 0, headLength, ISO_8859_1);
                return true;
            }
        }
        return false;
    }

    private long blockLength() throws IOException {
        String value = field("Content-Length");
        if (!head.startsWith("WARC/1.") || value == null || !value.matches("\\d{1,18}")) {
            throw damaged("expected a WARC record");
        }
        return Long.parseLong(value);
    }

    private static int littleEndian(byte[] bytes, int from) {
        int value = 0;
        for (int i = Integer.BYTES - 1; i >= 0; i--) {
            value = (value << Byte.SIZE) | (bytes[from + i] & 0xff);
        }
        return value;
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            require();
            bytes[i] = input.get();
        }
        return bytes;
    }

    /** Reads ahead if nothing is left of that. */
    private void require() throws IOException {
        if (input.hasRemaining()) {
            return;
        }
        input.clear().limit((int) Math.min(BUFFER, length - inputEnd));
        int count = input.hasRemaining() ? file.read(input, inputEnd) : -1;
        input.flip();
        if (count <= 0) {
            throw damaged("expected the rest of a record but the file ends");
        }
        inputEnd += count;
    }

    private long position() {
        return inputEnd - input.remaining();
    }

    private IOException damaged(String what) {
        return new IOException(what + " at byte " + start + " of " + path
                + " but the file is damaged: bring it back, or merge without this folder");
    }

    /** The value of a field of the record's head; null if there is none. */
    @Nullable
    String field(String name) {
        for (int line = head.indexOf('\n') + 1; line > 0 && line < head.length(); line = head.indexOf('\n', line) + 1) {
            if (head.regionMatches(true, line, name, 0, name.length()) && head.startsWith(":", line + name.length())) {
                return head.substring(line + name.length() + 1, head.indexOf('\r', line))
                        .strip();
            }
        }
        return null;
    }

    /** Where the record begins in the file. */
    long start() {
        return start;
    }

    /** Where it ends. */
    long end() {
        return end;
    }

    /** Copies a part of the file as it is. */
    void copy(long from, long to, FileChannel target) throws IOException {
        for (long at = from; at < to; ) {
            long count = file.transferTo(at, to - at, target);
            if (count <= 0) {
                throw new IOException("expected " + to + " bytes in " + path
                        + " but there are fewer: another program has changed it");
            }
            at += count;
        }
    }

    /** Writes the record, which is about a file, as one about a file of another name. */
    void writeInfo(String fileName, FileChannel target) throws IOException {
        if (gzip && firstLength == first.length) {
            throw damaged("expected a shorter record about the file");
        }
        String named = head.replaceFirst("(?i)(\r\nWARC-Filename: )[^\r]*", "$1" + fileName);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (gzip) {
            try (OutputStream packed = new GZIPOutputStream(bytes)) {
                packed.write(named.getBytes(ISO_8859_1));
                packed.write(first, headLength, firstLength - headLength);
            }
        } else {
            bytes.writeBytes(named.getBytes(ISO_8859_1));
        }
        ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
        while (all.hasRemaining()) {
            target.write(all);
        }
        if (!gzip) {
            copy(start + headLength, end, target);
        }
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        file.close();
    }
}
