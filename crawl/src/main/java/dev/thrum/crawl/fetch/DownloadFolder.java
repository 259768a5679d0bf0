package dev.thrum.crawl.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Disk;
import dev.thrum.base.IoWords;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The folder that files are saved in, with the parts of incomplete ones and a record of the complete ones in its folder {@value
 * #STATE}. Several processes may use the same folder at the same time. Safe for concurrent use.
 *
 * <p>Nothing is written outside of the folder or through a symbolic link in it, and nothing in it that others have made is changed. A
 * file gets its name by a hard link, which fails if the name is taken.
 */
public final class DownloadFolder implements AutoCloseable {
    /** The name of the folder with the parts and the record. */
    public static final String STATE = ".thrum-fetch";

    private static final System.Logger LOG = System.getLogger("dev.thrum.crawl.fetch");

    private final Path folder;
    private final Forcing forcing;
    private final FolderSync names;
    private final Runs runs;
    private final CompletedFiles completed;
    private final TakenNames taken;
    private final AtomicLong parts = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    /** The parts that nobody is fetching, by the URL that was asked for. */
    @GuardedBy("lock")
    private final Map<String, Deque<LeftPart>> left = new HashMap<>();

    @GuardedBy("lock")
    private boolean closed;

    /** The state folder and what this run owns in it. */
    private record Runs(Path state, RunFolders folders) {}

    private DownloadFolder(Path folder, Forcing forcing, Disk disk, Runs runs, CompletedFiles completed)
            throws IOException {
        this.folder = folder;
        this.forcing = forcing;
        this.names = new FolderSync(folder, disk);
        this.runs = runs;
        this.completed = completed;
        this.taken = TakenNames.in(folder);
    }

    /**
     * Opens a folder, and makes it if it does not exist.
     *
     * @throws IOException if it is no folder or can't be written; the message says which
     */
    public static DownloadFolder open(Path folder) throws IOException {
        return open(folder, file -> file.force(false), Disk.ofSystem());
    }

    static DownloadFolder open(Path folder, Forcing forcing, Disk disk) throws IOException {
        Path state = state(folder);
        try (FileChannel _ = lock(state)) {
            RunFolders folders = RunFolders.open(state);
            CompletedFiles completed = null;
            boolean opened = false;
            try {
                completed = CompletedFiles.open(state.resolve("done"));
                Path real = state.getParent();
                DownloadFolder result = new DownloadFolder(
                        real == null ? folder : real, forcing, disk, new Runs(state, folders), completed);
                folders.left().forEach(result::add);
                opened = true;
                return result;
            } finally {
                if (!opened) {
                    folders.close();
                    if (completed != null) {
                        completed.close();
                    }
                }
            }
        } catch (FileSystemException e) {
            throw unusable(folder, e);
        }
    }

    private static Path state(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw new IOException(
                        "expected a folder to save files in but " + folder + " is a file: name another one", e);
            }
        } catch (FileSystemException e) {
            throw unusable(folder, e);
        }
        Path state = folder.toRealPath().resolve(STATE);
        try {
            Files.createDirectory(state);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(state, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("expected a folder but " + state + " is a file or a link: remove it", e);
            }
        } catch (FileSystemException e) {
            throw unusable(folder, e);
        }
        return state;
    }

    private static IOException unusable(Path folder, IOException e) {
        return new IOException(
                "expected a folder that can be written but " + folder + " can't: " + IoWords.of(e)
                        + "; name another one",
                e);
    }

    private static FileChannel lock(Path state) throws IOException {
        try {
            return FileLocks.lock(state.resolve("lock"), Clock.system());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            IOException interrupted =
                    new InterruptedIOException("interrupted while " + state + " was locked by another process");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** The folder. */
    public Path path() {
        return folder;
    }

    /** The file of this URL that was completed by an earlier attempt, if it is still there and unchanged. */
    Optional<Completed> completed(String url) {
        return completed.find(url).filter(this::isUnchanged);
    }

    private boolean isUnchanged(Completed file) {
        try {
            BasicFileAttributes now = Files.readAttributes(
                    folder.resolve(file.name()), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return now.isRegularFile() && now.size() == file.bytes() && changed(now) == file.changed();
        } catch (IOException e) {
            return false;
        }
    }

    private static long changed(BasicFileAttributes attributes) {
        return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    }

    /** The digest of a completed file, of the kind of this one. */
    Digest digest(Completed file, Digest kind) throws DiskException {
        try {
            return kind.of(folder.resolve(file.name()));
        } catch (IOException e) {
            throw new DiskException("expected to read " + file.name(), e);
        }
    }

    /** A part of the file of this URL, which belongs to the caller: one that was left, or an empty one. */
    Part part(String url) throws DiskException {
        for (LeftPart known = poll(url); known != null; known = poll(url)) {
            try {
                return Part.reopen(known);
            } catch (DiskException e) {
                LOG.log(Level.DEBUG, "a part of " + url + " can't be used any more", e);
            }
        }
        return Part.create(runs.folders().own(), parts.incrementAndGet());
    }

    private @Nullable LeftPart poll(String url) {
        lock.lock();
        try {
            Deque<LeftPart> known = left.get(url);
            LeftPart first = known == null ? null : known.poll();
            if (known != null && known.isEmpty()) {
                left.remove(url);
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void add(LeftPart part) {
        lock.lock();
        try {
            left.computeIfAbsent(part.description().url(), _ -> new ArrayDeque<>())
                    .add(part);
        } finally {
            lock.unlock();
        }
    }

    /** Ends an attempt that has not completed the file: keeps the part if a later one can go on from it. */
    void leave(Part part) throws DiskException {
        LeftPart kept = part.leave(forcing);
        if (kept != null) {
            add(kept);
        }
    }

    /**
     * Makes a complete part durable and gives it its name, or a numbered one. The thread must not be interrupted.
     *
     * @return the name
     */
    String save(Part part, PartRecord description) throws DiskException {
        part.complete(forcing);
        long changed = changed(part);
        while (true) {
            String name = taken.take(description.name());
            completed.add(new Completed(description.url(), name, part.length(), changed, description.validators()));
            if (link(part.file(), folder.resolve(name))) {
                settle(part, name);
                return name;
            }
        }
    }

    private static long changed(Part part) throws DiskException {
        try {
            return changed(Files.readAttributes(part.file(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw new DiskException("expected to find the part " + part.file(), e);
        }
    }

    /** Gives the file its name; returns false if that is taken. */
    private boolean link(Path part, Path file) throws DiskException {
        try {
            Files.createLink(file, part);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return moveWithoutLinks(part, file);
        } catch (IOException e) {
            throw new DiskException("expected to name a file " + file, e);
        }
    }

    /** On a file system without hard links (FAT). Not atomic there, but no other run can be between check and move. */
    private boolean moveWithoutLinks(Path part, Path file) throws DiskException {
        try (FileChannel _ = lock(runs.state())) {
            Files.move(part, file);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new DiskException("expected to name a file " + file, e);
        }
    }

    /** Makes the name durable, and gives up the part. */
    private void settle(Part part, String name) throws DiskException {
        try {
            names.sync();
        } catch (DiskException e) {
            takeBack(name, e);
            throw e;
        }
        try {
            part.remove();
        } catch (DiskException e) {
            // The file is complete. A later run removes the part, because it has two names.
            LOG.log(Level.DEBUG, "the part of " + name + " is still there", e);
        }
    }

    /** A file has its name only if that is certain to stay. */
    private void takeBack(String name, DiskException reason) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Lets go of the folder; parts stay for the next run. No thread may be fetching. Idempotent. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        try (completed;
                FileChannel _ = lock(runs.state())) {
            runs.folders().close();
        }
    }
}
