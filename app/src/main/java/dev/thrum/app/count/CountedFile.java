package dev.thrum.app.count;

import dev.thrum.base.IoWords;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;

/**
 * A file to count, or the standard input.
 *
 * @param name its name, as the user has typed it; {@code -} is the standard input
 */
record CountedFile(String name) implements Callable<Counts> {
    static final String STANDARD_INPUT = "-";

    /** As much as fits into the cache of a core, so that each byte is read from memory once. */
    private static final int LARGEST_BLOCK = 128 * 1024;

    private static final int SMALLEST_BLOCK = 4 * 1024;

    /** Reads and counts all of it, in blocks. */
    @Override
    public Counts call() throws IOException {
        if (name.equals(STANDARD_INPUT)) {
            // Not closed: it belongs to the process.
            return count(new FileInputStream(FileDescriptor.in).getChannel(), LARGEST_BLOCK);
        }
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            throw new FileSystemException(name, null, "it is a folder; name files in it instead");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            // One byte more, so that a small file ends with its first block. What has no size, such as a pipe, says 0.
            long size = channel.size();
            return count(channel, size == 0 ? LARGEST_BLOCK : Math.clamp(size + 1, SMALLEST_BLOCK, LARGEST_BLOCK));
        }
    }

    private static Counts count(FileChannel channel, int blockSize) throws IOException {
        byte[] block = new byte[blockSize];
        ByteBuffer buffer = ByteBuffer.wrap(block);
        TextCounter counter = new TextCounter();
        int length = channel.read(buffer);
        while (length >= 0) {
            counter.add(block, length);
            buffer.clear();
            length = channel.read(buffer);
        }
        return counter.end();
    }

    /** Its size in bytes if it is a regular file; otherwise 0. */
    long size() {
        try {
            Path path = Path.of(name);
            return !name.equals(STANDARD_INPUT) && Files.isRegularFile(path) ? Files.size(path) : 0;
        } catch (IOException e) {
            // Reported when the file is read.
            return 0;
        }
    }

    /** The message for a file that can't be read. */
    static String failure(String name, Throwable cause) {
        String reason = cause instanceof NoSuchFileException ? "there is no such file" : IoWords.of(cause);
        return "cannot read " + name + ": " + reason;
    }
}
