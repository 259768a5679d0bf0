package dev.thrum.crawl.archive;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes each record as a gzip member (RFC 1952), all with the same deflater. Owned by one thread. */
final class GzipMembers implements RecordSink {
    private static final int BLOCK = 16 * 1024;

    /** Deflate, no fields, no time, no level, unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final AppendFile file;
    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private final byte[] block = new byte[BLOCK];
    private boolean begun;

    GzipMembers(AppendFile file, int level) {
        this.file = file;
        this.deflater = new Deflater(level, true);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!begun) {
            begun = true;
            file.write(HEADER);
        }
        checksum.update(bytes, offset, length);
        deflater.setInput(bytes, offset, length);
        while (!deflater.needsInput()) {
            file.write(block, 0, deflater.deflate(block));
        }
    }

    @Override
    public void end() throws IOException {
        deflater.finish();
        while (!deflater.finished()) {
            file.write(block, 0, deflater.deflate(block));
        }
        littleEndian(checksum.getValue(), 0);
        littleEndian(deflater.getBytesRead(), Integer.BYTES);
        file.write(block, 0, 2 * Integer.BYTES);
        deflater.reset();
        checksum.reset();
        begun = false;
    }

    private void littleEndian(long value, int at) {
        for (int i = 0; i < Integer.BYTES; i++) {
            block[at + i] = (byte) (value >> (i * Byte.SIZE));
        }
    }

    @Override
    public void close() {
        deflater.end();
    }
}
