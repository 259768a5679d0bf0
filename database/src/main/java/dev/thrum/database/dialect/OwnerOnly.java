package dev.thrum.database.dialect;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only their owner may read and write, whatever the umask of the user: the data and its backups. */
final class OwnerOnly {
    private static final System.Logger LOG = System.getLogger("dev.thrum.database.Database");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /** The attributes of a new file; none where the file system has no such permissions. */
    static FileAttribute<?>[] ofFile(FileSystem system) {
        return attributes(system, FILE);
    }

    static FileAttribute<?>[] ofFolder(FileSystem system) {
        return attributes(system, FOLDER);
    }

    private static FileAttribute<?>[] attributes(FileSystem system, Set<PosixFilePermission> permissions) {
        return isPosix(system)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(FileSystem system) {
        return system.supportedFileAttributeViews().contains("posix");
    }

    /** Creates an empty file if it is missing. */
    static void make(Path file) throws IOException {
        try {
            Files.createFile(file, ofFile(file.getFileSystem()));
        } catch (FileAlreadyExistsException e) {
            // The file exists already.
        }
    }

    /**
     * Takes permissions on an existing file from everyone but its owner, and logs it; or logs that the file belongs to
     * another user.
     */
    static void tighten(Path file) {
        if (!isPosix(file.getFileSystem()) || !Files.isRegularFile(file)) {
            return;
        }
        try {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
            if (!FILE.containsAll(found)) {
                Files.setPosixFilePermissions(file, FILE);
                LOG.log(
                        Level.INFO,
                        file + " could be used by others (" + PosixFilePermissions.toString(found)
                                + "); now only its owner can use it");
            }
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "expected to take " + file
                            + " from everybody but its owner but it is not this user's: chmod it to 600");
        }
    }
}
