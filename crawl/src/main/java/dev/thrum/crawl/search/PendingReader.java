package dev.thrum.crawl.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads pending records from a position on, while more are appended. Owned by one thread. */
final class PendingReader implements AutoCloseable {
    private static final int BLOCK = 1 << 17;

    private final Path folder;
    private final ByteBuffer head = ByteBuffer.allocate(PendingRecord.Format.HEAD);
    /** Bytes that were read ahead. They can't have changed meanwhile, because the files only grow. */
    private final ByteBuffer ahead = ByteBuffer.allocate(BLOCK).limit(0);

    private byte[] bytes = new byte[BLOCK];
    private long position;
    private @Nullable FileChannel channel;

    PendingReader(Path folder, long position) {
        this.folder = folder;
        this.position = position;
    }

    /** The position of the next record. */
    long position() {
        return position;
    }

    /**
     * The next record, which must be completely written.
     *
     * @throws IOException if it is not there, or damaged
     */
    PendingRecord next() throws IOException {
        try {
            // No record is in two files, but this one may be in another file than the one before.
            if (!ahead.hasRemaining() && !fill()) {
                reopen();
            }
            read(head.array(), PendingRecord.Format.HEAD);
            int length = PendingRecord.Format.length(head);
            if (bytes.length < length) {
                bytes = new byte[length];
            }
            read(bytes, length);
            PendingRecord record = PendingRecord.Format.read(head, bytes, length);
            position += PendingRecord.Format.HEAD + length;
            return record;
        } catch (IOException e) {
            throw new IOException(
                    "expected a pending page at position " + position + " of " + folder + " but " + e.getMessage(), e);
        }
    }

    private void read(byte[] target, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (!ahead.hasRemaining() && !fill()) {
                throw new IOException("its file ends before it");
            }
            int count = Math.min(length - done, ahead.remaining());
            ahead.get(target, done, count);
            done += count;
        }
    }

    /** Reads ahead; returns whether there was anything. */
    private boolean fill() throws IOException {
        ahead.clear();
        int count = channel == null ? -1 : channel.read(ahead);
        ahead.flip();
        return count > 0;
    }

    private void reopen() throws IOException {
        close();
        channel = open();
    }

    /** Opens the file that has the byte at the position. */
    private FileChannel open() throws IOException {
        List<PendingFile> files = PendingFile.in(folder);
        int last = files.size() - 1;
        while (last >= 0 && files.get(last).start() > position) {
            last--;
        }
        if (last < 0) {
            throw new IOException("its file is gone");
        }
        FileChannel opened =
                FileChannel.open(files.get(last).path(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        return opened.position(position - files.get(last).start());
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
