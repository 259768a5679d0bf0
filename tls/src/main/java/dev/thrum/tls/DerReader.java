package dev.thrum.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A pull parser of DER (ITU-T X.690) over an array: as much as is needed to find out what kind of key a file has. A value
 * that is not what the caller expects is an {@link IOException}. Not safe for concurrent use.
 */
final class DerReader {
    private static final int MULTI_BYTE_TAG = 0x1f;
    private static final int LONG_LENGTH = 0x80;

    private final byte[] data;
    private final int end;

    // Owned by the parsing thread.
    private int position;

    DerReader(byte[] data) {
        this(data, 0, data.length);
    }

    private DerReader(byte[] data, int position, int end) {
        this.data = data;
        this.position = position;
        this.end = end;
    }

    boolean hasMore() {
        return position < end;
    }

    /** Whether the next value has this tag. */
    boolean isAt(int tag) {
        return hasMore() && (data[position] & 0xff) == tag;
    }

    /** A reader of the values that the next one contains, which must have this tag. */
    DerReader enter(int tag) throws IOException {
        int length = header(tag);
        position += length;
        return new DerReader(data, position - length, position);
    }

    /** The content of the next value, which must have this tag. */
    byte[] bytes(int tag) throws IOException {
        int length = header(tag);
        position += length;
        return Arrays.copyOfRange(data, position - length, position);
    }

    /** The content of the next value, whatever its tag. */
    byte[] content() throws IOException {
        return bytes(hasMore() ? data[position] & 0xff : 0);
    }

    BigInteger integer() throws IOException {
        byte[] content = bytes(Der.INTEGER);
        if (content.length == 0) {
            throw new IOException("expected an integer but it has no bytes");
        }
        return new BigInteger(content);
    }

    /** A small number, such as a version; at most {@link Integer#MAX_VALUE}. */
    int number() throws IOException {
        BigInteger number = integer();
        if (number.signum() < 0 || number.bitLength() >= Integer.SIZE) {
            throw new IOException(
                    "expected a number from 0 to 2147483647 but was " + number.bitLength() + " bits long");
        }
        return number.intValue();
    }

    /** An object identifier, such as {@code 2.5.4.3}. */
    String oid() throws IOException {
        byte[] content = bytes(Der.OBJECT_IDENTIFIER);
        StringBuilder dotted = new StringBuilder();
        long arc = 0;
        for (byte b : content) {
            if (arc > Long.MAX_VALUE >> Byte.SIZE) {
                throw new IOException("expected an object identifier but one of its numbers is too large");
            }
            arc = (arc << 7) | (b & 0x7f);
            if (b >= 0) {
                if (dotted.isEmpty()) {
                    long first = Math.min(2, arc / 40);
                    dotted.append(first).append('.').append(arc - 40 * first);
                } else {
                    dotted.append('.').append(arc);
                }
                arc = 0;
            }
        }
        return dotted.toString();
    }

    /** Passes the next value, whatever it is; returns it whole, with tag and length. */
    byte[] any() throws IOException {
        int start = position;
        int length = header(hasMore() ? data[position] & 0xff : 0);
        position += length;
        return Arrays.copyOfRange(data, start, position);
    }

    /** Reads tag and length of the next value; returns its length, which is within the data. */
    private int header(int tag) throws IOException {
        int found = next();
        if (found != tag || (found & MULTI_BYTE_TAG) == MULTI_BYTE_TAG) {
            HexFormat hex = HexFormat.of();
            throw new IOException("expected a value with the tag " + hex.toHexDigits((byte) tag) + " but was "
                    + hex.toHexDigits((byte) found));
        }
        int length = next();
        if (length >= LONG_LENGTH) {
            int count = length & ~LONG_LENGTH;
            if (count == 0 || count > 3) {
                throw new IOException("expected a length of 1 to 3 bytes but was " + count);
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = (length << Byte.SIZE) | next();
            }
        }
        if (length > end - position) {
            throw new IOException("expected " + length + " bytes but only " + (end - position) + " follow");
        }
        return length;
    }

    private int next() throws IOException {
        if (!hasMore()) {
            throw new IOException("expected another value but the data ends");
        }
        return data[position++] & 0xff;
    }
}
