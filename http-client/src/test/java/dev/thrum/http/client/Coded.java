package dev.thrum.http.client;

import dev.thrum.http.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Bytes in the codings of bodies, and what the client makes of them. */
final class Coded {
    private Coded() {}

    /** A file of the test, made by the reference encoders. */
    static byte[] file(String name) {
        try (InputStream in = Objects.requireNonNull(Coded.class.getResourceAsStream("codings/" + name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] deflate(byte[] content, boolean raw) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
        try (DeflaterOutputStream out = new DeflaterOutputStream(all, deflater)) {
            out.write(content);
        } finally {
            deflater.end();
        }
        return all.toByteArray();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** The bytes, in reads of at most this many. */
    static InputStream inFragments(byte[] bytes, int size) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, size));
            }
        };
    }

    /** Decodes strictly. */
    static byte[] decode(String codings, byte[] bytes) throws IOException {
        return decode(codings, inFragments(bytes, Integer.MAX_VALUE), false, 10_000_000);
    }

    static byte[] decode(String codings, InputStream in, boolean tolerant, long limit) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        drain(codings, in, tolerant, limit, all);
        return all.toByteArray();
    }

    /** Decodes to the end; returns the number of decoded bytes. */
    static long drain(String codings, InputStream in, boolean tolerant, long limit, ByteArrayOutputStream copy)
            throws IOException {
        ContentCoding coding = ContentCoding.of(Headers.of("Content-Encoding", codings), true);
        List<DecodedStream> streams = coding.over(in, tolerant, limit);
        byte[] some = new byte[1_000];
        long count = 0;
        try {
            for (int read; (read = streams.getLast().read(some, 0, some.length)) >= 0; ) {
                copy.write(some, 0, copy.size() < 10_000_000 ? read : 0);
                count += read;
            }
            return count;
        } finally {
            streams.forEach(DecodedStream::close);
        }
    }
}
