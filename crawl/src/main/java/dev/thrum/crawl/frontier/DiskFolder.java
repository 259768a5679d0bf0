package dev.thrum.crawl.frontier;

import dev.thrum.base.Disk;
import dev.thrum.base.Uninterrupted;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder on the disk. */
final class DiskFolder implements StateFolder {
    private final Path folder;
    private final Disk disk;

    /** Owned by the thread that uses the folder. */
    private final Map<String, DiskFile> open = new HashMap<>();

    DiskFolder(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    @Override
    public List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    @Override
    public StateFile create(String name) throws IOException {
        Path path = folder.resolve(name);
        if (Files.exists(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return remember(name, DiskFile.open(path));
    }

    @Override
    public StateFile open(String name) throws IOException {
        Path path = folder.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return remember(name, DiskFile.open(path));
    }

    private StateFile remember(String name, DiskFile file) {
        open.put(name, file);
        return file;
    }

    /** Closes the file first: some systems don't rename open ones. */
    @Override
    public void rename(String from, String to) throws IOException {
        closeFile(from);
        Files.move(
                folder.resolve(from),
                folder.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        closeFile(name);
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void force() throws IOException {
        boolean _ = Uninterrupted.run(() -> {
            disk.force(folder);
            return true;
        });
    }

    private void closeFile(String name) throws IOException {
        DiskFile file = open.remove(name);
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (String name : List.copyOf(open.keySet())) {
            closeFile(name);
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    /**
     * A file that is opened twice, since the two users need a position each. It is no channel: an interrupt of a thread that reads would close
     * that for all.
     */
    private static final class DiskFile implements StateFile {
        private final String name;
        private final RandomAccessFile writer;
        private final RandomAccessFile reader;

        private DiskFile(Path path, RandomAccessFile writer) throws IOException {
            this.name = path.toString();
            this.writer = writer;
            this.reader = new RandomAccessFile(path.toFile(), "r");
        }

        static DiskFile open(Path path) throws IOException {
            RandomAccessFile writer = new RandomAccessFile(path.toFile(), "rw");
            boolean opened = false;
            try {
                DiskFile file = new DiskFile(path, writer);
                opened = true;
                return file;
            } finally {
                if (!opened) {
                    writer.close();
                }
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long size() throws IOException {
            return writer.length();
        }

        @Override
        public int read(byte[] target, int from, int length, long position) throws IOException {
            reader.seek(position);
            return reader.read(target, from, length);
        }

        @Override
        public int write(byte[] source, int from, int length, long position) throws IOException {
            writer.seek(position);
            writer.write(source, from, length);
            return length;
        }

        @Override
        public void truncate(long size) throws IOException {
            writer.setLength(size);
        }

        @Override
        public void force() throws IOException {
            writer.getFD().sync();
        }

        void close() throws IOException {
            try (RandomAccessFile _ = writer) {
                reader.close();
            }
        }
    }
}
