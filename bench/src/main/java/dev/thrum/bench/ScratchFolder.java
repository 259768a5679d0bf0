package dev.thrum.bench;

import dev.thrum.base.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary folder for the files of a measurement, deleted on close.
 *
 * <p>It is in the checkout's {@code target}, because the system's temporary folder may be in memory, where a write
 * doesn't reach a disk.
 *
 * @param path its path
 */
record ScratchFolder(Path path) implements AutoCloseable {
    /** Makes one in {@code target} next to this launcher. */
    static ScratchFolder nextTo(Path thrum) throws IOException {
        Path target = Files.createDirectories(thrum.toAbsolutePath().resolveSibling("target"));
        return new ScratchFolder(Files.createTempDirectory(target, "bench-"));
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** The type of its file system, such as {@code ext4}. */
    String fileSystem() throws IOException {
        return Files.getFileStore(path).type();
    }

    @Override
    public void close() throws IOException {
        Folders.delete(path);
    }
}
