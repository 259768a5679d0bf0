package dev.thrum.http.files;

import dev.thrum.base.Clock;
import dev.thrum.base.FaultReports;
import dev.thrum.base.IoWords;
import dev.thrum.base.Printable;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.files.FileRoot.Opened;
import dev.thrum.http.files.FileRoot.Place;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Looks up paths on the disk and reads files. All methods may block. Safe for concurrent use. */
final class FileLoader {
    private static final System.Logger LOG = System.getLogger("dev.thrum.http");
    private static final String INDEX = "index.html";
    private static final String GZIPPED = ".gz";

    /** The number of attempts for a file that changes all the time. */
    private static final int ATTEMPTS = 3;

    /** At most this many files stay open for later responses. */
    private static final int MOST_SPARE = 256;

    private final FileRoot root;
    private final FilesConfig config;
    private final Clock clock;
    private final OpenFolders folders;
    private final AtomicInteger room = new AtomicInteger(MOST_SPARE);
    private final FaultReports reports;
    private final Disk disk;

    /** Reads what is open already. A disk can fail here, too. */
    interface Disk {
        byte[] read(FileChannel file, int length) throws IOException;

        Listing list(Place folder, Listing.Order order) throws IOException;
    }

    FileLoader(FileRoot root, FilesConfig config, Clock clock) {
        this(root, config, clock, new LocalDisk(config.hidden()));
    }

    FileLoader(FileRoot root, FilesConfig config, Clock clock, Disk disk) {
        this.root = root;
        this.config = config;
        this.clock = clock;
        this.reports = new FaultReports(LOG, clock);
        this.disk = disk;
        this.folders = new OpenFolders(root, config.lookNanos());
    }

    private record LocalDisk(boolean hidden) implements Disk {
        @Override
        public byte[] read(FileChannel file, int length) throws IOException {
            return BorrowedFile.read(file, 0, length);
        }

        @Override
        public Listing list(Place folder, Listing.Order order) throws IOException {
            return Listing.of(folder, hidden, order);
        }
    }

    /** The result of looking up a path. */
    sealed interface Found {
        /**
         * A file.
         *
         * @param keep whether it did not change while it was read, so that it may be cached
         */
        record Here(CachedFile file, boolean keep) implements Found {}

        /** A folder without an index. */
        record Folder(Place place) implements Found {}

        /** A folder that was requested without a slash at the end. */
        record NotAFile() implements Found {}
    }

    /**
     * Looks up the path of these names.
     *
     * @param folder whether the path ends with a slash
     * @throws HttpException 404 if there is nothing to serve, 503 if it can't be read now
     */
    Found find(List<String> names, boolean folder) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Found found = look(names, folder, attempt == ATTEMPTS);
                reports.worked(() -> "files can be read again");
                return found;
            } catch (NoSuchFileException | AccessDeniedException | InvalidPathException e) {
                throw notFound();
            } catch (ClosedByInterruptException e) {
                // The response is no longer wanted.
                throw e;
            } catch (IOException e) {
                // Among them: a name too long, a loop of links, no permission; it was replaced while it was opened, or
                // changed while it was read; the disk fails.
                if (!Files.isReadable(root.path(names))) {
                    throw notFound();
                }
                folders.closeAll(clock.nanoTime());
                if (attempt == ATTEMPTS) {
                    reports.failed("a file can't be read: " + Printable.of(String.valueOf(root.path(names))) + ": "
                            + IoWords.of(e));
                    throw busy();
                }
            }
        }
    }

    /**
     * The list of a folder.
     *
     * @throws HttpException 404 if it is gone, 503 if it can't be read now
     */
    Listing list(Place folder, Listing.Order order) throws IOException {
        try {
            Listing listing = disk.list(folder, order);
            reports.worked(() -> "files can be read again");
            return listing;
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
            // It was deleted or replaced meanwhile, or this user may not read it.
            throw notFound();
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            reports.failed(
                    "a folder can't be read: " + Printable.of(String.valueOf(folder.real())) + ": " + IoWords.of(e));
            throw busy();
        }
    }

    static HttpException notFound() {
        return HttpException.of(404, "Not found");
    }

    static HttpException busy() {
        return HttpException.of(503, "The file can't be read now, try again later")
                .with("Retry-After", "1");
    }

    /** Closes folders that were kept open and are due. */
    void tidy(long now) throws IOException {
        folders.tidy(now);
    }

    private Found look(List<String> names, boolean folder, boolean last) throws IOException {
        Found near = folder || names.isEmpty() ? null : lookInOpenFolder(names, last);
        return near == null ? lookFromRoot(names, folder, last) : near;
    }

    /** The short way to a file that is not a link; null if there is none: then the long way decides. */
    private @Nullable Found lookInOpenFolder(List<String> names, boolean last) throws IOException {
        Path folder = root.path(names.subList(0, names.size() - 1));
        OpenFolders.Held held = folders.at(folder, clock.nanoTime());
        if (held == null) {
            return null;
        }
        Path name = Path.of(names.getLast());
        Place place = new Place(held.place().top(), held.place().real().resolve(name));
        try {
            return load(names, new Source(place, () -> FileRoot.open(held.stream(), name)), last);
        } catch (FileRoot.NotAFile | ClosedDirectoryStreamException e) {
            return null;
        } catch (NoSuchFileException e) {
            // Most names that don't exist end here; only if the folder was replaced may the path from the root differ.
            if (held.isStillAt(folder)) {
                throw e;
            }
            return null;
        }
    }

    private Found lookFromRoot(List<String> names, boolean folder, boolean last) throws IOException {
        Place place = root.locate(root.path(names));
        BasicFileAttributes attributes =
                Files.readAttributes(place.real(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isDirectory()) {
            if (folder || !attributes.isRegularFile()) {
                throw new NoSuchFileException(place.real().toString());
            }
            return load(names, Source.at(place), last);
        }
        if (!folder) {
            return new Found.NotAFile();
        }
        List<String> index = new ArrayList<>(names);
        index.add(INDEX);
        Place page = CachedFile.stamp(root.path(index)) == null ? null : root.locate(root.path(index));
        if (page != null) {
            return load(index, Source.at(page), last);
        }
        if (!config.listing()) {
            throw notFound();
        }
        return new Found.Folder(place);
    }

    /** The location of a file, and how it is opened. */
    private record Source(Place place, Opener opener) {
        static Source at(Place place) {
            return new Source(place, () -> FileRoot.open(place));
        }
    }

    @FunctionalInterface
    private interface Opener {
        Opened open() throws IOException;
    }

    private Found load(List<String> names, Source source, boolean last) throws IOException {
        String name = names.getLast();
        Path path = root.path(names);
        Path compressed = path.resolveSibling(name + GZIPPED);
        Stamp compressedStamp = Files.exists(compressed) ? CachedFile.stamp(compressed) : null;
        CachedFile.Look look =
                new CachedFile.Look(path, compressed, compressedStamp, clock.instant(), clock.nanoTime());
        Headers about = Headers.of("Content-Type", MediaTypes.of(name));
        Loaded gzipped = compressedStamp == null ? null : gzipped(compressed, about);
        Loaded plain = null;
        boolean complete = false;
        try {
            plain = form(source, gzipped == null ? about : varying(about));
            Found found = found(look, plain, gzipped, last);
            complete = true;
            return found;
        } finally {
            if (!complete) {
                retire(plain);
                retire(gzipped);
            }
        }
    }

    private static void retire(@Nullable Loaded loaded) throws IOException {
        if (loaded != null) {
            loaded.form().spares().retire();
        }
    }

    private static Found found(CachedFile.Look look, Loaded plain, @Nullable Loaded gzipped, boolean last)
            throws IOException {
        boolean fresh = gzipped != null
                && gzipped.form()
                                .stamp()
                                .modified()
                                .compareTo(plain.form().stamp().modified())
                        >= 0;
        if (gzipped != null && !fresh) {
            gzipped.form().spares().retire();
        }
        boolean calm = plain.calm() && (gzipped == null || gzipped.calm());
        if (!calm && !last) {
            throw new EOFException("the file was changed while it was read");
        }
        return new Found.Here(
                new CachedFile(look, plain.form(), gzipped != null && fresh ? gzipped.form() : null), calm);
    }

    private static Headers varying(Headers about) {
        return about.and("Vary", "Accept-Encoding");
    }

    private @Nullable Loaded gzipped(Path compressed, Headers about) throws IOException {
        try {
            return form(Source.at(root.locate(compressed)), varying(about).and("Content-Encoding", "gzip"));
        } catch (NoSuchFileException | AccessDeniedException e) {
            // It leads out of the root, was just deleted, or can't be read.
            return null;
        }
    }

    /**
     * A representation that was read, or at least opened.
     *
     * @param calm whether the file did not change meanwhile
     */
    private record Loaded(FileForm form, boolean calm) {}

    private Loaded form(Source source, Headers about) throws IOException {
        Place place = source.place();
        Opened opened = source.opener().open();
        OpenFilePool spares = new OpenFilePool(room);
        Stamp stamp = opened.stamp();
        if (stamp.size() > config.cachedFile()) {
            spares.give(opened.channel());
            return new Loaded(new FileForm(place, stamp, about, null, spares), true);
        }
        byte[] bytes;
        try (FileChannel channel = opened.channel()) {
            bytes = disk.read(channel, (int) stamp.size());
        }
        return new Loaded(
                new FileForm(place, stamp, about, bytes, spares), stamp.equals(CachedFile.stamp(place.real())));
    }
}
