package dev.thrum.crawl.fetch;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The folder that files are saved in, with the parts of incomplete ones and a record of the complete ones in its folder {@value
 * #STATE}. Several processes may use the same folder at the same time. Safe for concurrent use.
 */
public final class DownloadFolder implements AutoCloseable {
    /** The name of the folder with the parts and the record. */
    public static final String STATE = ".thrum-fetch";

    private final Path folder;

    private DownloadFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens a folder, and makes it if it does not exist.
     *
     * @throws IOException if it is no folder or can't be written; the message says which
     */
    public static DownloadFolder open(Path folder) throws IOException {
        return new DownloadFolder(folder);
    }

    /** The folder. */
    public Path path() {
        return folder;
    }

    /** Lets go of the folder; parts stay for the next run. Idempotent. */
    @Override
    public void close() {
        // Holds nothing yet.
    }
}
