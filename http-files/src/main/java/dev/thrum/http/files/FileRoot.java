package dev.thrum.http.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder that is served, and the border around it. Immutable.
 *
 * <p>A path is first resolved with all its links; the result must be within the folder. Then it is opened folder by
 * folder from the root, each relative to the one before and none through a link. So it makes no difference if a folder
 * is replaced by a link between the check and the opening.
 */
final class FileRoot {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final Path root;

    /**
     * A folder.
     *
     * @throws IOException if it is not a folder, or can't be read
     */
    FileRoot(Path root) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        if (!Files.isDirectory(this.root)) {
            throw Files.exists(this.root)
                    ? new NotDirectoryException(root.toString())
                    : new NoSuchFileException(root.toString());
        }
        try (DirectoryStream<Path> _ = Files.newDirectoryStream(this.root)) {
            // It can be read.
        }
    }

    /**
     * The real location of a path.
     *
     * @param top the root, without links
     * @param real the location below it, without links
     */
    record Place(Path top, Path real) {}

    /** An open file, and its state when it was opened. */
    record Opened(FileChannel channel, Stamp stamp) {}

    /** The name exists, but is not a regular file: a folder, a link, a pipe. */
    static final class NotAFile extends NoSuchFileException {
        private static final long serialVersionUID = 1L;

        NotAFile(Path name) {
            super(name.toString());
        }
    }

    /** Runs in a folder that can't be replaced meanwhile; the folder is null on systems that don't support that. */
    @FunctionalInterface
    interface Visit<T> {
        T in(@Nullable SecureDirectoryStream<Path> folder, Path name) throws IOException;
    }

    /** The path of these names, none of which is {@code ..}. */
    Path path(List<String> names) {
        Path path = root;
        for (String name : names) {
            path = path.resolve(name);
        }
        return path;
    }

    /**
     * Resolves a path with all its links.
     *
     * @throws NoSuchFileException also if it is outside of the root
     */
    Place locate(Path path) throws IOException {
        Path top = root.toRealPath();
        Path real = path.toRealPath();
        if (!real.startsWith(top)) {
            throw new NoSuchFileException(path.toString());
        }
        return new Place(top, real);
    }

    /**
     * Opens a regular file. Anything else is never opened: opening a pipe would wait for its writer.
     *
     * @throws NotAFile if it is something else
     * @throws NoSuchFileException if it does not exist
     */
    static Opened open(Place place) throws IOException {
        return visit(place, FileRoot::open);
    }

    /** The same in a folder that is open already. */
    static Opened open(@Nullable SecureDirectoryStream<Path> folder, Path name) throws IOException {
        BasicFileAttributeView view = view(folder, name);
        BasicFileAttributes before = view.readAttributes();
        if (!before.isRegularFile()) {
            throw new NotAFile(name);
        }
        SeekableByteChannel channel =
                folder == null ? Files.newByteChannel(name, READ) : folder.newByteChannel(name, READ);
        boolean kept = false;
        try {
            BasicFileAttributes after = view.readAttributes();
            if (!Objects.equals(before.fileKey(), after.fileKey()) || !(channel instanceof FileChannel file)) {
                throw new FileSystemException(name.toString(), null, "it was replaced while it was opened");
            }
            kept = true;
            return new Opened(file, Stamp.of(after));
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    /** The attributes of a name in a folder; of a link itself, not of its target. */
    static BasicFileAttributeView view(@Nullable SecureDirectoryStream<Path> folder, Path name) {
        Class<BasicFileAttributeView> basic = BasicFileAttributeView.class;
        return folder == null
                ? Files.getFileAttributeView(name, basic, LinkOption.NOFOLLOW_LINKS)
                : folder.getFileAttributeView(name, basic, LinkOption.NOFOLLOW_LINKS);
    }

    /** Opens a folder, step by step and through no link; null on systems that don't support that. */
    @SuppressWarnings("StreamResourceLeak") // It is the caller's.
    static @Nullable SecureDirectoryStream<Path> openFolder(Place place) throws IOException {
        DirectoryStream<Path> top = Files.newDirectoryStream(place.top());
        if (!(top instanceof SecureDirectoryStream<Path> folder)) {
            top.close();
            return null;
        }
        if (place.real().equals(place.top())) {
            return folder;
        }
        for (Path name : place.top().relativize(place.real())) {
            try (SecureDirectoryStream<Path> above = folder) {
                folder = above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
            }
        }
        return folder;
    }

    /** Opens the folder that contains a place, and runs the visit in it. */
    static <T> T visit(Place place, Visit<T> visit) throws IOException {
        try (DirectoryStream<Path> top = Files.newDirectoryStream(place.top())) {
            return top instanceof SecureDirectoryStream<Path> secure
                    ? descend(secure, place.top().relativize(place.real()), 0, visit)
                    : visit.in(null, place.real());
        }
    }

    private static <T> T descend(SecureDirectoryStream<Path> folder, Path relative, int at, Visit<T> visit)
            throws IOException {
        Path name = relative.getName(at);
        if (at == relative.getNameCount() - 1) {
            return visit.in(folder, name);
        }
        try (SecureDirectoryStream<Path> next = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            return descend(next, relative, at + 1, visit);
        }
    }
}
