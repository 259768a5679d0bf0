package dev.thrum.database.dialect;

import dev.thrum.base.Disk;
import dev.thrum.base.IoWords;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Creates folders together with missing parents, and forces their entries to the disk. */
public final class Folders {
    private Folders() {}

    /**
     * Creates a folder if it is missing.
     *
     * @return the created folders, the innermost first
     * @throws IOException if it can't be created; the message has the reason
     */
    public static List<Path> make(Path folder) throws IOException {
        List<Path> made = new ArrayList<>();
        Path missing = folder.toAbsolutePath();
        while (missing != null && !Files.exists(missing)) {
            made.add(missing);
            missing = missing.getParent();
        }
        try {
            makeAll(folder);
            for (Path one : made) {
                // The entry of a folder is on the disk when its parent is forced.
                Path parent = one.getParent();
                if (parent != null) {
                    Disk.ofSystem().force(parent);
                }
            }
            return made;
        } catch (ClosedByInterruptException e) {
            remove(made);
            InterruptedIOException interrupted = new InterruptedIOException("making " + folder + " was interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (FileAlreadyExistsException e) {
            throw new IOException("expected " + e.getFile() + " to be a folder but it is a file: name another", e);
        } catch (IOException e) {
            remove(made);
            throw new IOException("cannot make the folder " + folder + ": " + IoWords.of(e), e);
        }
    }

    /** Only the owner may use the folder itself; created parents have the user's usual permissions. */
    private static void makeAll(Path folder) throws IOException {
        Path above = folder.toAbsolutePath().getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        Files.createDirectories(folder, OwnerOnly.ofFolder(folder.getFileSystem()));
    }

    /** Removes folders, the innermost first; a folder that is not empty stays, with its parents. */
    public static void remove(List<Path> folders) {
        try {
            for (Path folder : folders) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            // Files of others stay; the earlier failure is reported.
        }
    }
}
