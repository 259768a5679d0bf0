package dev.thrum.testkit.web.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** The content codings that the JDK has. */
final class Codings {
    private static final int BLOCK = 64 * 1024;

    private Codings() {}

    private interface Opening {
        OutputStream over(OutputStream target) throws IOException;
    }

    private static byte[] coded(byte[] head, long blanks, Opening opening) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        try (OutputStream coding = opening.over(result)) {
            coding.write(head);
            byte[] block = new byte[BLOCK];
            Arrays.fill(block, (byte) ' ');
            for (long left = blanks; left > 0; left -= BLOCK) {
                coding.write(block, 0, (int) Math.min(left, BLOCK));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("expected memory to take all bytes", e);
        }
        return result.toByteArray();
    }

    static byte[] gzip(byte[] bytes) {
        return bomb(bytes, 0);
    }

    /** The bytes and then this many blanks, in gzip: about a thousandth of them. */
    static byte[] bomb(byte[] head, long blanks) {
        return coded(head, blanks, GZIPOutputStream::new);
    }

    /** The coding deflate as RFC 9110 has it, in the format zlib. */
    static byte[] zlib(byte[] bytes) {
        return coded(bytes, 0, DeflaterOutputStream::new);
    }

    /** Without the format zlib around it: some servers send this as deflate. */
    static byte[] rawDeflate(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            return coded(bytes, 0, target -> new DeflaterOutputStream(target, deflater));
        } finally {
            deflater.end();
        }
    }
}
