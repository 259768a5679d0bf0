package dev.thrum.store.backup;

import dev.thrum.base.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A file that is being written: it appears under its final name complete and forced to disk, or not at all. */
final class PartFile implements AutoCloseable {
    private static final Disk DISK = Disk.ofSystem();

    /** The endings of the files that SQLite keeps next to an open database. */
    private static final List<String> SIDECARS = List.of("-wal", "-shm", "-journal");

    private final Path folder;
    private final Path path;

    private PartFile(Path folder, Path path) {
        this.folder = folder;
        this.path = path;
    }

    /** Creates an empty file under a unique name, which only its owner may read. */
    static PartFile in(Path folder, String name) throws IOException {
        return new PartFile(folder, Files.createTempFile(folder, name + ".", ".part"));
    }

    Path path() {
        return path;
    }

    /** Forces its contents to disk. */
    void sync() throws IOException {
        DISK.force(path);
    }

    /**
     * Gives the file its final name. When this returns, the name is on disk; if it can't be forced there, it is removed.
     *
     * @throws FileAlreadyExistsException if a file with the final name exists; that file is left unchanged
     */
    void publish(Path target) throws IOException {
        link(target);
        boolean done = false;
        try {
            Files.deleteIfExists(path);
            DISK.force(folder);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(target);
            }
        }
    }

    /**
     * Creates a hard link, because that fails atomically if the name is taken; renaming would replace the file. Some file
     * systems have no hard links: there, a file that appears between the check and the renaming is replaced.
     */
    private void link(Path target) throws IOException {
        try {
            Files.createLink(target, path);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            if (Files.exists(target)) {
                FileAlreadyExistsException taken = new FileAlreadyExistsException(target.toString());
                taken.addSuppressed(e);
                throw taken;
            }
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Deletes what was not published. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
        for (String sidecar : SIDECARS) {
            Files.deleteIfExists(path.resolveSibling(path.getFileName() + sidecar));
        }
    }
}
