package dev.thrum.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

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
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
