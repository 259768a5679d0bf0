package dev.thrum.crawl.search;

import dev.thrum.base.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The end of the sequence of pending records, to which more are appended. Owned by one thread. */
final class PendingPages implements AutoCloseable {
    private static final int BUFFER = 1 << 18;

    private final Path folder;
    private final long fileBytes;
    private final Disk disk;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private FileChannel channel;
    private long start;
    /** The position after the last byte that was written to a file. */
    private long written;

    private boolean isFolderForced;

    private PendingPages(Path folder, long fileBytes, Disk disk, PendingFile last, FileChannel channel) {
        this.folder = folder;
        this.fileBytes = fileBytes;
        this.disk = disk;
        this.channel = channel;
        this.start = last.start();
        this.written = start;
    }

    /** Makes an empty sequence; the files of an earlier one are removed. */
    static void reset(Path folder, Disk disk) throws IOException {
        for (PendingFile left : PendingFile.in(folder)) {
            Files.delete(left.path());
        }
        Files.createFile(PendingFile.at(folder, 0).path());
        disk.force(folder);
    }

    /**
     * The sequence that is in a folder, cut back to a position.
     *
     * @throws IOException if it ends before that
     */
    static PendingPages open(Path folder, long end, long fileBytes, Disk disk) throws IOException {
        List<PendingFile> files = PendingFile.in(folder);
        int last = files.size() - 1;
        while (last >= 0 && files.get(last).start() > end) {
            Files.delete(files.get(last).path());
            last--;
        }
        if (last < 0 || files.get(last).end() < end) {
            throw new IOException("expected pending pages up to position " + end + " in " + folder + " but they end at "
                    + (last < 0 ? "none" : files.get(last).end()) + "; the folder is damaged: crawl again");
        }
        PendingFile file = files.get(last);
        PendingPages pages = new PendingPages(folder, fileBytes, disk, file, open(file, Set.of()));
        boolean isCut = false;
        try {
            pages.channel.truncate(end - file.start());
            pages.channel.position(end - file.start());
            pages.written = end;
            isCut = true;
            return pages;
        } finally {
            if (!isCut) {
                pages.close();
            }
        }
    }

    private static FileChannel open(PendingFile file, Set<StandardOpenOption> more) throws IOException {
        Set<OpenOption> options = new HashSet<>(more);
        options.addAll(Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        return FileChannel.open(file.path(), options);
    }

    /** The position after the last record. */
    long end() {
        return written + buffer.position();
    }

    /** Appends a record. Those that read it may see a part of it, at any time. */
    void append(ByteBuffer bytes) throws IOException {
        if (end() - start >= fileBytes) {
            nextFile();
        }
        if (bytes.remaining() > buffer.remaining()) {
            drain();
        }
        if (bytes.remaining() > buffer.capacity()) {
            write(bytes);
        } else {
            buffer.put(bytes);
        }
    }

    /** Makes all records durable. */
    void force() throws IOException {
        drain();
        channel.force(false);
        if (!isFolderForced) {
            disk.force(folder);
            isFolderForced = true;
        }
    }

    private void nextFile() throws IOException {
        drain();
        channel.force(false);
        FileChannel full = channel;
        channel = open(PendingFile.at(folder, written), Set.of(StandardOpenOption.CREATE_NEW));
        start = written;
        isFolderForced = false;
        full.close();
    }

    private void drain() throws IOException {
        buffer.flip();
        try {
            write(buffer);
        } finally {
            buffer.compact();
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            written += channel.write(bytes);
        }
    }

    /** Closes the file; what was not forced may be lost. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
