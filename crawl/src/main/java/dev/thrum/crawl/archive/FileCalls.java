package dev.thrum.crawl.archive;

import dev.thrum.base.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The calls of the system that write; a test can let them fail. */
interface FileCalls {
    /** Writes all bytes at the file's position. */
    default void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** Makes the bytes of a file durable, and its length. */
    default void force(FileChannel file) throws IOException {
        file.force(false);
    }

    /** Makes the names in a folder durable. */
    void forceNames(Path folder) throws IOException;

    /** The calls as they are. */
    record OfSystem(Disk disk) implements FileCalls {
        OfSystem() {
            this(Disk.ofSystem());
        }

        @Override
        public void forceNames(Path folder) throws IOException {
            disk.force(folder);
        }
    }
}
