package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Reads the body of a record whose checksum is right. Owned by one thread at a time. */
final class RecordCursor {
    private final CRC32C checksum = new CRC32C();
    private final String file;
    private byte[] bytes = {};
    private long recordAt;
    private int length;
    private int next;
    private int end;

    /**
     * A cursor.
     *
     * @param file for messages
     */
    RecordCursor(String file) {
        this.file = file;
    }

    /**
     * The length of a record by its first bytes.
     *
     * @param available bytes that there are of it, or more
     * @return the length with the checksum; 0 if the length is not within these bytes, -1 if it is malformed
     */
    static long recordLength(byte[] source, int from, int available) {
        long length = 0;
        for (int digits = 0; digits < RecordWriter.LONGEST_PREFIX - Integer.BYTES; digits++) {
            if (Integer.BYTES + digits >= available) {
                return 0;
            }
            int digit = source[from + Integer.BYTES + digits];
            length |= (digit & 0x7fL) << (7 * digits);
            if (digit >= 0) {
                return length == 0 ? -1 : Integer.BYTES + digits + 1 + length;
            }
        }
        return -1;
    }

    /**
     * Begins to read a record.
     *
     * @param recordLength as {@link #recordLength} found it
     * @param position of the record in the file, for messages
     * @return its type
     */
    RecordType begin(byte[] source, int from, int recordLength, long position) throws IOException {
        bytes = source;
        length = recordLength;
        recordAt = position;
        end = from + recordLength;
        next = from + Integer.BYTES;
        checksum.reset();
        checksum.update(source, next, end - next);
        if ((int) checksum.getValue() != (int) RecordWriter.INTS.get(source, from)) {
            throw broken("the checksum of a record is wrong");
        }
        int _ = count();
        RecordType type = RecordType.of(octet());
        if (type == null) {
            throw broken("expected a record of a known type");
        }
        return type;
    }

    /** The length of the record with the checksum. */
    int length() {
        return length;
    }

    BrokenFileException broken(String what) {
        return new BrokenFileException(file, recordAt, what);
    }

    private int skip(int count) throws IOException {
        if (count < 0 || count > end - next) {
            throw broken("expected " + count + " more bytes in a record but it has " + (end - next));
        }
        int at = next;
        next += count;
        return at;
    }

    int octet() throws IOException {
        int at = skip(1);
        return bytes[at] & 0xff;
    }

    long number() throws IOException {
        int at = skip(Long.BYTES);
        return (long) RecordWriter.LONGS.get(bytes, at);
    }

    Fingerprint fingerprint() throws IOException {
        return new Fingerprint(number(), number());
    }

    int count() throws IOException {
        int value = 0;
        for (int shift = 0; shift <= 28; shift += 7) {
            int digit = octet();
            value |= (digit & 0x7f) << shift;
            if (digit < 0x80) {
                return value;
            }
        }
        throw broken("expected a number of at most five bytes");
    }

    /** Skips bytes, and returns where they begin in {@link #array}. */
    int bytes(int count) throws IOException {
        return skip(count);
    }

    /** Reads bytes. */
    byte[] copy(int count) throws IOException {
        int from = skip(count);
        return Arrays.copyOfRange(bytes, from, from + count);
    }

    int remaining() {
        return end - next;
    }

    byte[] array() {
        return bytes;
    }
}
