package dev.thrum.crawl.frontier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Builds one record at a time: the CRC32C of the rest (4 bytes, little endian), the length of the body (1 to 5 bytes), and the body, which begins
 * with its type. Owned by one thread at a time.
 */
final class RecordWriter {
    /** Room for the longest checksum and length in front of a body. */
    static final int LONGEST_PREFIX = 9;

    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int MOST_OF_A_NUMBER = 5;

    private final CRC32C checksum = new CRC32C();
    private byte[] bytes = new byte[1024];
    private int start;
    private int end;

    RecordWriter begin(RecordType type) {
        start = LONGEST_PREFIX;
        end = LONGEST_PREFIX;
        return octet(type.code());
    }

    private void reserve(int count) {
        if (bytes.length - end < count) {
            bytes = Arrays.copyOf(bytes, Math.max(end + count, bytes.length * 2));
        }
    }

    RecordWriter octet(int value) {
        reserve(1);
        bytes[end++] = (byte) value;
        return this;
    }

    RecordWriter number(long value) {
        reserve(Long.BYTES);
        LONGS.set(bytes, end, value);
        end += Long.BYTES;
        return this;
    }

    RecordWriter fingerprint(Fingerprint value) {
        return number(value.high()).number(value.low());
    }

    /** Appends a number of at least 0 in groups of seven bits, the lowest first. */
    RecordWriter count(int value) {
        reserve(MOST_OF_A_NUMBER);
        end += putCount(bytes, end, value);
        return this;
    }

    private static int putCount(byte[] target, int at, int value) {
        int rest = value;
        int next = at;
        while (rest > 0x7f) {
            target[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[next++] = (byte) rest;
        return next - at;
    }

    RecordWriter bytes(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, end, length);
        end += length;
        return this;
    }

    /** The length of the body so far. */
    int bodyLength() {
        return end - LONGEST_PREFIX;
    }

    /** Completes the record: it is in {@link #array} from {@link #start} on. */
    RecordWriter finish() {
        int length = bodyLength();
        int digits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 6) / 7);
        start = LONGEST_PREFIX - Integer.BYTES - digits;
        int _ = putCount(bytes, start + Integer.BYTES, length);
        checksum.reset();
        checksum.update(bytes, start + Integer.BYTES, end - start - Integer.BYTES);
        INTS.set(bytes, start, (int) checksum.getValue());
        return this;
    }

    byte[] array() {
        return bytes;
    }

    int start() {
        return start;
    }

    /** The length of the finished record. */
    int length() {
        return end - start;
    }
}
