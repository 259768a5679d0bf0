package dev.thrum.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** What keeps files when the power fails: only what was forced is sure to be there. */
@FunctionalInterface
public interface Disk {
    /**
     * Returns when what is there now is on the disk: the bytes of a file, or the names in a folder.
     *
     * @throws IOException if that is not sure; after that only writing it again helps
     */
    void force(Path path) throws IOException;

    /** The disk of this machine. Windows writes the names in folders by itself, and lets nobody ask for it. */
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
