package dev.thrum.crawl.archive;

import dev.thrum.base.IoWords;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;

/**
 * A file that only grows, written through a buffer. After a write or a force has failed nobody knows what it holds
 * beyond its durable length: it must not be written any more. Owned by one thread, which must not be interrupted: that
 * closes files.
 */
final class AppendFile extends OutputStream {
    private static final int BUFFER = 64 * 1024;

    /** Longer than most lines of pages. */
    private static final int READ_AHEAD = 2 * 1024;

    private static final Set<OpenOption> OLD =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> NEW = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);

    private final Path path;
    private final FileCalls calls;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    /** The bytes given to the system. */
    private long written;

    private long durable;

    private AppendFile(Path path, FileCalls calls, FileChannel channel, long length) {
        this.path = path;
        this.calls = calls;
        this.channel = channel;
        this.written = length;
        this.durable = length;
    }

    /** An empty file; its name is not durable yet. */
    static AppendFile create(Path path, FileCalls calls) throws IOException {
        try {
            return new AppendFile(path, calls, FileChannel.open(path, NEW), 0);
        } catch (IOException e) {
            throw new IOException("expected to make the new file " + path + " but it failed: " + IoWords.of(e), e);
        }
    }

    /** A file that has at least this length, cut back to it; if that is 0, the file may be missing. */
    static AppendFile open(Path path, FileCalls calls, long length) throws IOException {
        requireLength(path, length);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return create(path, calls);
        }
        FileChannel channel = FileChannel.open(path, OLD);
        boolean cut = false;
        try {
            channel.truncate(length).position(length);
            cut = true;
            return new AppendFile(path, calls, channel, length);
        } catch (IOException e) {
            throw new IOException(
                    "expected to cut " + path + " back to " + length + " bytes but it failed: " + IoWords.of(e), e);
        } finally {
            if (!cut) {
                channel.close();
            }
        }
    }

    /**
     * Checks that a file can be cut back to this length.
     *
     * @throws IOException if it is missing or shorter: it was damaged from outside
     */
    static void requireLength(Path path, long length) throws IOException {
        boolean exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        long found = exists ? Files.size(path) : 0;
        if (found < length) {
            throw new IOException("expected a file " + path + " of at least " + length
                    + " bytes, which were durable, but "
                    + (exists ? "it has " + found : "there is none")
                    + ": bring it back, or begin a new crawl");
        }
    }

    Path path() {
        return path;
    }

    /** The bytes of the file, those in the buffer included. */
    long length() {
        return written + buffer.position();
    }

    /** The bytes that would be there after a power failure. */
    long durable() {
        return durable;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = Math.min(end - at, buffer.remaining());
            buffer.put(bytes, at, count);
            at += count;
        }
    }

    /** Gives the buffer to the system. */
    @Override
    public void flush() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        int count = buffer.position();
        try {
            calls.write(channel, buffer.flip());
        } catch (IOException e) {
            throw failed("write to", e);
        }
        buffer.clear();
        written += count;
    }

    /** Makes all bytes durable. */
    void force() throws IOException {
        flush();
        if (durable == written) {
            return;
        }
        try {
            calls.force(channel);
        } catch (IOException e) {
            throw failed("make durable what was written to", e);
        }
        durable = written;
    }

    private IOException failed(String what, IOException cause) {
        return new IOException(
                "expected to " + what + " " + path + " but the disk failed: " + IoWords.of(cause)
                        + ". What was recorded up to the last commit is kept: make room on the disk, then resume",
                cause);
    }

    /**
     * The bytes from an offset up to the next line feed, which is left out. Only those can be read that were given to
     * the system.
     *
     * @throws IllegalArgumentException if no line begins there
     */
    byte[] line(long offset) throws IOException {
        if (offset < 0 || offset >= written) {
            throw new IllegalArgumentException("expected the offset of a line in " + path + ", which has " + written
                    + " bytes, but was " + offset);
        }
        for (int size = READ_AHEAD; ; size = Math.multiplyExact(size, 2)) {
            byte[] bytes = read(offset, (int) Math.min(size, written - offset));
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    return Arrays.copyOf(bytes, i);
                }
            }
            if (bytes.length < size) {
                throw new IllegalArgumentException("expected a line at offset " + offset + " of " + path
                        + " but it has no end: take an offset that a write of a line has returned");
            }
        }
    }

    private byte[] read(long offset, int count) throws IOException {
        byte[] bytes = new byte[count];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        while (target.hasRemaining()) {
            if (channel.read(target, offset + target.position()) < 0) {
                throw new IOException("expected " + written + " bytes in " + path + " but it ends at "
                        + (offset + target.position()) + ": another program has changed it");
            }
        }
        return bytes;
    }

    /** Closes the file; what is still in the buffer is dropped. Idempotent. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
