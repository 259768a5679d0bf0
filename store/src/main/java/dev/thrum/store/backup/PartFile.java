package dev.thrum.store.backup;

import dev.thrum.base.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A file that is being made: it appears under its final name whole and on the disk, or not at all. */
final class PartFile implements AutoCloseable {
    private static final Disk DISK = Disk.ofSystem();

    /** What SQLite puts beside a database while it is open. */
    private static final List<String> SIDECARS = List.of("-wal", "-shm", "-journal");

    private final Path folder;
    private final Path path;

    private PartFile(Path folder, Path path) {
        this.folder = folder;
        this.path = path;
    }

    /** Makes an empty file, which its owner alone may read, under a name that nobody else has. */
    static PartFile in(Path folder, String name) throws IOException {
        return new PartFile(folder, Files.createTempFile(folder, name + ".", ".part"));
    }

    Path path() {
        return path;
    }

    /** Writes it to the disk. */
    void sync() throws IOException {
        DISK.force(path);
    }

    /**
     * Gives it its final name, which is on the disk when this returns, and is taken back when it can't be brought there.
     *
     * @throws FileAlreadyExistsException if that is taken; what has it is left alone
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
     * A second name is the one step that fails where a name is taken; renaming would replace what is there. Some file
     * systems know no second names: there, who takes the name in the instant between look and renaming is replaced.
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

    /** Removes what has not become final. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
        for (String sidecar : SIDECARS) {
            Files.deleteIfExists(path.resolveSibling(path.getFileName() + sidecar));
        }
    }
}
