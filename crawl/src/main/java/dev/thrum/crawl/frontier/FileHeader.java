package dev.thrum.crawl.frontier;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The beginning of each file of a frontier: what it is (8 bytes), the version of the format, a number, and the CRC32C of these. */
enum FileHeader {
    COMMITS("thrumfrC"),
    JOURNAL("thrumfrJ"),
    SEEN("thrumfrS");

    static final int LENGTH = 20;
    static final int VERSION = 1;

    private static final int MAGIC_LENGTH = 8;

    private final String magic;

    FileHeader(String magic) {
        this.magic = magic;
    }

    byte[] bytes(int number) {
        byte[] header = Arrays.copyOf(magic.getBytes(US_ASCII), LENGTH);
        RecordWriter.INTS.set(header, MAGIC_LENGTH, VERSION);
        RecordWriter.INTS.set(header, MAGIC_LENGTH + Integer.BYTES, number);
        RecordWriter.INTS.set(header, LENGTH - Integer.BYTES, checksum(header));
        return header;
    }

    private static int checksum(byte[] header) {
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, LENGTH - Integer.BYTES);
        return (int) checksum.getValue();
    }

    /** Checks the beginning of a file. */
    void check(StateFile file, int number) throws IOException {
        byte[] found = new byte[LENGTH];
        file.readFully(found, LENGTH, 0);
        if (!new String(found, 0, MAGIC_LENGTH, US_ASCII).equals(magic)) {
            throw new BrokenFileException(
                    file.name(), 0, "expected a file of a frontier of Thrum, which begins with " + magic);
        }
        if ((int) RecordWriter.INTS.get(found, LENGTH - Integer.BYTES) != checksum(found)) {
            throw new BrokenFileException(file.name(), 0, "the checksum of its header is wrong");
        }
        int version = (int) RecordWriter.INTS.get(found, MAGIC_LENGTH);
        if (version != VERSION) {
            throw new IOException("expected version " + VERSION + " of a frontier but " + file.name() + " has version "
                    + version + ": use the release of Thrum that wrote it, or begin again in another folder");
        }
        if (!Arrays.equals(found, bytes(number))) {
            throw new BrokenFileException(file.name(), 0, "expected the file with the number " + number);
        }
    }
}
