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

/** Folders that are made with those above them, and are on the disk when they are there. */
public final class Folders {
    private Folders() {}

    /**
     * Makes a folder where there is none.
     *
     * @return those that were made, the innermost first
     * @throws IOException if it can't be made; the message says why
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
                // A folder's own name is on the disk when the folder above is.
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

    /** The folder itself is for its owner alone, those above it are as the user's other folders. */
    private static void makeAll(Path folder) throws IOException {
        Path above = folder.toAbsolutePath().getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        Files.createDirectories(folder, OwnerOnly.ofFolder(folder.getFileSystem()));
    }

    /** Removes folders, the innermost first; one in which somebody has put something stays, and those around it. */
    public static void remove(List<Path> folders) {
        try {
            for (Path folder : folders) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            // What is not ours stays; what went wrong before is told.
        }
    }
}
