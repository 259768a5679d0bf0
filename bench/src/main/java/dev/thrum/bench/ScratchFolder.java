package dev.thrum.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A folder for what a measurement writes, which is gone when that is over.
 *
 * <p>It is in the checkout's {@code target}, because what is commonly used for such files may be memory, where a write is
 * on no disk.
 *
 * @param path of it
 */
record ScratchFolder(Path path) implements AutoCloseable {
    /** Makes one beside this launcher. */
    static ScratchFolder beside(Path thrum) throws IOException {
        Path target = Files.createDirectories(thrum.toAbsolutePath().resolveSibling("target"));
        return new ScratchFolder(Files.createTempDirectory(target, "bench-"));
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** The kind of the file system that it is on: {@code ext4}, say. */
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
