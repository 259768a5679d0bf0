package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The record of the files that were completed: a file to which each process appends a line before it gives a file its name, so that a line
 * may also be of a file that never got it. The last line of a URL counts. Safe for concurrent use; several processes may append.
 */
final class CompletedFiles implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final FileChannel file;

    @GuardedBy("lock")
    private final Map<String, Completed> byUrl = new HashMap<>();

    /** Whether the file ends within a line, which the next one must not continue. */
    @GuardedBy("lock")
    private boolean cut;

    private CompletedFiles(FileChannel file) {
        this.file = file;
    }

    static CompletedFiles open(Path path) throws IOException {
        CompletedFiles files = new CompletedFiles(FileChannel.open(
                path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)));
        boolean read = false;
        try {
            files.read(path);
            read = true;
            return files;
        } finally {
            if (!read) {
                files.file.close();
            }
        }
    }

    private void read(Path path) throws IOException {
        lock.lock();
        try (FileChannel source = FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                BufferedReader lines = new BufferedReader(Channels.newReader(source, UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Completed.parse(line).ifPresent(it -> byUrl.put(it.url(), it));
            }
            ByteBuffer last = ByteBuffer.allocate(1);
            cut = source.size() > 0 && source.read(last, source.size() - 1) == 1 && last.get(0) != '\n';
        } finally {
            lock.unlock();
        }
    }

    Optional<Completed> find(String url) {
        lock.lock();
        try {
            return Optional.ofNullable(byUrl.get(url));
        } finally {
            lock.unlock();
        }
    }

    /** Adds a line in one write, so that it is not mixed with those of other processes. */
    void add(Completed completed) throws DiskException {
        lock.lock();
        try {
            ByteBuffer line = UTF_8.encode((cut ? "\n" : "") + completed.line());
            cut = true;
            while (line.hasRemaining()) {
                file.write(line);
            }
            cut = false;
            byUrl.put(completed.url(), completed);
        } catch (IOException e) {
            throw new DiskException("expected to record a complete file", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
