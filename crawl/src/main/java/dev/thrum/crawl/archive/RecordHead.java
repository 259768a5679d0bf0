package dev.thrum.crawl.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.UUID;

/**
 * The head of a WARC record (ISO 28500, 4), built as bytes; used for one record after the other. Owned by one thread.
 */
final class RecordHead {
    private static final byte[] BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".getBytes(US_ASCII);
    private static final int BASE32_BITS = 5;

    private byte[] bytes = new byte[1024];
    private int size;

    /** Begins a record. */
    RecordHead begin(String type, UUID id) {
        size = 0;
        ascii("WARC/1.1\r\n");
        return with("WARC-Type", type).with("WARC-Record-ID", id);
    }

    /** Adds a field with a value of one line in ASCII. */
    RecordHead with(String name, String value) {
        name(name);
        ascii(value);
        ascii("\r\n");
        return this;
    }

    RecordHead with(String name, UUID id) {
        name(name);
        ascii("<urn:uuid:");
        ascii(id.toString());
        ascii(">\r\n");
        return this;
    }

    private void name(String name) {
        ascii(name);
        ascii(": ");
    }

    /** Adds the length of the block, and the end of the head. */
    void end(long length) {
        var _ = with("Content-Length", Long.toString(length));
        ascii("\r\n");
    }

    private void ascii(String text) {
        int length = text.length();
        if (length > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, 2 * bytes.length));
        }
        for (int i = 0; i < length; i++) {
            bytes[size + i] = (byte) text.charAt(i);
        }
        size += length;
    }

    /** The bytes, of which {@link #size} count; valid until the next call of another method. */
    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** A digest as the fields have it: {@code sha1:} and 32 letters and digits (RFC 4648, 6). */
    static String sha1(byte[] digest) {
        byte[] text = new byte[digest.length * Byte.SIZE / BASE32_BITS];
        int to = 0;
        int bits = 0;
        int pending = 0;
        for (byte value : digest) {
            pending = (pending << Byte.SIZE) | (value & 0xff);
            bits += Byte.SIZE;
            for (; bits >= BASE32_BITS; bits -= BASE32_BITS) {
                text[to++] = BASE32[(pending >> (bits - BASE32_BITS)) & 0x1f];
            }
        }
        return "sha1:" + new String(text, US_ASCII);
    }
}
