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
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Looks on the disk what is at a path. All of it may block. Safe for concurrent use. */
final class FileLoader {
    private static final System.Logger LOG = System.getLogger("dev.thrum.http");
    private static final String INDEX = "index.html";
    private static final String GZIPPED = ".gz";

    /** A file that changes all the time is looked at so often. */
    private static final int ATTEMPTS = 3;

    /** So many files stay open for the answers to come. */
    private static final int MOST_SPARE = 256;

    private final FileRoot root;
    private final FilesConfig config;
    private final Clock clock;
    private final OpenFolders folders;
    private final AtomicInteger room = new AtomicInteger(MOST_SPARE);
    private final FaultReports reports = new FaultReports(LOG);

    FileLoader(FileRoot root, FilesConfig config, Clock clock) {
        this.root = root;
        this.config = config;
        this.clock = clock;
        this.folders = new OpenFolders(root, config.lookNanos());
    }

    /** What is at a path. */
    sealed interface Found {
        /**
         * A file.
         *
         * @param keep whether it was at rest while it was read, so that others may have it too
         */
        record Here(CachedFile file, boolean keep) implements Found {}

        /** A folder without an index. */
        record Folder(Place place) implements Found {}

        /** A folder that was asked for as if it were a file. */
        record NotAFile() implements Found {}
    }

    /**
     * What is at the path of these names.
     *
     * @param folder whether the path ends with a slash
     * @throws HttpException 404 if nothing is there that may be served
     */
    Found find(List<String> names, boolean folder) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Found found = look(names, folder, attempt == ATTEMPTS);
                reports.worked(() -> "files can be opened again");
                return found;
            } catch (NoSuchFileException | AccessDeniedException | InvalidPathException e) {
                throw notFound();
            } catch (FileSystemException | EOFException e) {
                // Among them: a name too long, a loop of links, no permission; or it was replaced while it was opened.
                if (!Files.isReadable(root.path(names))) {
                    throw notFound();
                }
                folders.closeAll(clock.nanoTime());
                if (attempt == ATTEMPTS) {
                    reports.failed("a file can't be opened: " + Printable.of(String.valueOf(root.path(names))) + ": "
                            + IoWords.of(e));
                    throw busy();
                }
            }
        }
    }

    static HttpException notFound() {
        return HttpException.of(404, "Not found");
    }

    static HttpException busy() {
        return HttpException.of(503, "The file can't be read now, try again later")
                .with("Retry-After", "1");
    }

    /** Closes what was kept open for files to come, and is not any more. */
    void tidy(long now) throws IOException {
        folders.tidy(now);
    }

    private Found look(List<String> names, boolean folder, boolean last) throws IOException {
        Found near = folder || names.isEmpty() ? null : lookInOpenFolder(names, last);
        return near == null ? lookFromRoot(names, folder, last) : near;
    }

    /** The short way to a file that is no link; null if there is none, and the long way will tell what it is. */
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
            // Most names that are nowhere end here; the root knows more only if the folder has been replaced.
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

    /** Where a file is, and how it is opened. */
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
        Path beside = path.resolveSibling(name + GZIPPED);
        Stamp besideStamp = Files.exists(beside) ? CachedFile.stamp(beside) : null;
        CachedFile.Look look = new CachedFile.Look(path, beside, besideStamp, clock.instant(), clock.nanoTime());
        Headers about = Headers.of("Content-Type", MediaTypes.of(name));
        Loaded gzipped = besideStamp == null ? null : gzipped(beside, about);
        Loaded plain = null;
        boolean handedOn = false;
        try {
            plain = form(source, gzipped == null ? about : varying(about));
            Found found = found(look, plain, gzipped, last);
            handedOn = true;
            return found;
        } finally {
            if (!handedOn) {
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

    private @Nullable Loaded gzipped(Path beside, Headers about) throws IOException {
        try {
            return form(Source.at(root.locate(beside)), varying(about).and("Content-Encoding", "gzip"));
        } catch (NoSuchFileException | AccessDeniedException e) {
            // It leads out, has just gone, or is nobody's to read.
            return null;
        }
    }

    /**
     * A form that was read, or at least opened.
     *
     * @param calm whether it did not change meanwhile
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
            bytes = BorrowedFile.read(channel, 0, (int) stamp.size());
        }
        return new Loaded(
                new FileForm(place, stamp, about, bytes, spares), stamp.equals(CachedFile.stamp(place.real())));
    }
}
