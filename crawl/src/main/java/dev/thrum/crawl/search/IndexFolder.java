package dev.thrum.crawl.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.base.Disk;
import dev.thrum.base.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an index. It holds {@code format}, a line that names the version; {@code lucene}, Lucene's own files; and files
 * {@code pending-…} with the pages that Lucene has not committed yet.
 */
record IndexFolder(Path path) {
    private static final String FORMAT = "thrum-index 1";
    private static final int SHOWN = 40;

    /** Where Lucene keeps its files. */
    Path lucene() {
        return path.resolve("lucene");
    }

    private Path format() {
        return path.resolve("format");
    }

    /** Whether an index was created here, of whatever version. */
    boolean isIndex() {
        return Files.exists(format());
    }

    /**
     * Returns if this version reads the index.
     *
     * @throws NoIndexException if there is none, or one of another version
     */
    void require() throws IOException {
        if (!isIndex()) {
            throw new NoIndexException("expected an index in " + path
                    + " but there is none; name the folder that a crawl has written, and that has an index");
        }
        String found = Files.readString(format()).strip();
        if (!found.equals(FORMAT)) {
            throw otherVersion(Printable.excerpt(found, SHOWN), null);
        }
    }

    NoIndexException otherVersion(String found, @Nullable Throwable cause) {
        return new NoIndexException(
                "expected " + path + " to be of version \"" + FORMAT + "\" but it is " + found
                        + "; search it with the release that has written it, or crawl again",
                cause);
    }

    /** Declares that an index is here; the last step of its creation. */
    void mark(Disk disk) throws IOException {
        Path fresh = path.resolve("format.new");
        Files.write(fresh, (FORMAT + "\n").getBytes(UTF_8));
        disk.force(fresh);
        Files.move(fresh, format(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        disk.force(path);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            disk.force(parent);
        }
    }
}
