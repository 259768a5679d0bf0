package dev.thrum.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** A disk, to which files are forced: after a power failure only forced data are certain to exist. */
@FunctionalInterface
public interface Disk {
    /**
     * Forces the bytes of a file, or the names in a folder, to the disk; returns when they are stored.
     *
     * @throws IOException if that is not certain; the data must then be written again
     */
    void force(Path path) throws IOException;

    /** The disk of this machine. Windows stores the names in folders by itself, and has no call to force them. */
    static Disk ofSystem() {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");
        return path -> {
            boolean folder = Files.isDirectory(path);
            if (folder && windows) {
                return;
            }
            try (FileChannel channel =
                    FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        };
    }
}
