package dev.thrum.http.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.ByteWriter;
import dev.thrum.http.BodySource;
import dev.thrum.http.Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Writes the bytes of a body with their framing. Owned by the thread that writes. */
public final class BodyOutput extends OutputStream {
    /** Small writes become chunks of this size. */
    private static final int CHUNK = 4 * 1024;

    private static final byte[] CRLF = "\r\n".getBytes(ISO_8859_1);

    private final ByteWriter writer;
    private final boolean chunked;

    /** The number of bytes still to be written, or {@link BodySource#UNKNOWN}. */
    private long left;

    /** The number of bytes written, whether they are gathered or sent. */
    private long count;

    private byte[] gathered = new byte[0];
    private int size;

    public BodyOutput(ByteWriter writer, boolean chunked, long length) {
        this.writer = writer;
        this.chunked = chunked;
        this.left = length;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (left >= 0) {
            if (length > left) {
                throw new IllegalStateException(
                        "expected a body of the announced length but there are " + (length - left) + " bytes more");
            }
            left -= length;
        }
        count += length;
        if (!chunked) {
            writer.write(source, offset, length);
        } else if (size + length <= CHUNK) {
            gather(source, offset, length);
        } else {
            writeChunk(gathered, 0, size);
            size = 0;
            writeChunk(source, offset, length);
        }
    }

    public long count() {
        return count;
    }

    private void gather(byte[] source, int offset, int length) {
        if (gathered.length == 0) {
            gathered = new byte[CHUNK];
        }
        System.arraycopy(source, offset, gathered, size, length);
        size += length;
    }

    private void writeChunk(byte[] source, int offset, int length) throws IOException {
        // An empty chunk would be the last one.
        if (length > 0) {
            writer.writeLatin1(Integer.toHexString(length) + "\r\n");
            writer.write(source, offset, length);
            writer.write(CRLF);
        }
    }

    @Override
    public void flush() throws IOException {
        writeChunk(gathered, 0, size);
        size = 0;
        writer.flush();
    }

    /** Ends the body; trailer fields are sent if it is chunked. */
    public void end(Headers trailers) throws IOException {
        if (left > 0) {
            throw new IllegalStateException(
                    "expected a body of the announced length but " + left + " bytes are missing");
        }
        if (chunked) {
            writeChunk(gathered, 0, size);
            size = 0;
            writer.writeLatin1("0\r\n");
            trailers.writeTo(writer);
            writer.write(CRLF);
        }
    }
}
