package dev.thrum.http.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.http.files.FileRoot.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Folders that were opened a short time ago, for the files in them: reading many files of a folder then resolves its
 * path only once. Safe for concurrent use.
 *
 * <p>A folder is used up to the interval of checks for changes. One that is closed while another thread uses it throws
 * {@link java.nio.file.ClosedDirectoryStreamException} there.
 */
final class OpenFolders {
    /** Each takes two descriptors. */
    private static final int MOST = 128;

    private final FileRoot root;
    private final long keptNanos;
    private final ReentrantLock lock = new ReentrantLock();

    /** The folder that was opened first comes first. */
    @GuardedBy("lock")
    private final LinkedHashMap<Path, Held> folders = new LinkedHashMap<>();

    OpenFolders(FileRoot root, long keptNanos) {
        this.root = root;
        this.keptNanos = keptNanos;
    }

    /**
     * An open folder.
     *
     * @param key identifies the folder in the system
     * @param opened the reading of the clock when it was opened
     */
    record Held(
            Place place,
            SecureDirectoryStream<Path> stream,
            @Nullable Object key,
            long opened) {
        static Held of(Place place, SecureDirectoryStream<Path> stream, long opened) throws IOException {
            return new Held(place, stream, attributes(stream).fileKey(), opened);
        }

        private static BasicFileAttributes attributes(SecureDirectoryStream<Path> stream) throws IOException {
            boolean read = false;
            try {
                BasicFileAttributes attributes = stream.getFileAttributeView(BasicFileAttributeView.class)
                        .readAttributes();
                read = true;
                return attributes;
            } finally {
                if (!read) {
                    stream.close();
                }
            }
        }

        /** Whether this path still leads to this folder, and not to one that has replaced it. */
        boolean isStillAt(Path path) {
            try {
                return key != null
                        && key.equals(Files.readAttributes(path, BasicFileAttributes.class)
                                .fileKey());
            } catch (IOException e) {
                return false;
            }
        }
    }

    /**
     * The folder at a path; null if the system can't open it safely (see {@link FileRoot}), or folders are not kept.
     *
     * @throws java.nio.file.NoSuchFileException also if it is outside of the root
     */
    @Nullable
    Held at(Path path, long now) throws IOException {
        if (keptNanos == 0) {
            return null;
        }
        Held held = kept(path, now);
        if (held != null) {
            return held;
        }
        Place place = root.locate(path);
        SecureDirectoryStream<Path> stream = FileRoot.openFolder(place);
        return stream == null ? null : keep(path, Held.of(place, stream, now));
    }

    private @Nullable Held kept(Path path, long now) {
        lock.lock();
        try {
            Held held = folders.get(path);
            return held != null && now - held.opened() < keptNanos ? held : null;
        } finally {
            lock.unlock();
        }
    }

    private Held keep(Path path, Held held) throws IOException {
        List<Held> gone = new ArrayList<>();
        lock.lock();
        try {
            Held before = folders.remove(path);
            if (before != null) {
                gone.add(before);
            }
            folders.put(path, held);
            if (folders.size() > MOST) {
                gone.add(folders.pollFirstEntry().getValue());
            }
        } finally {
            lock.unlock();
        }
        close(gone);
        return held;
    }

    /** Closes folders whose time is over. */
    void tidy(long now) throws IOException {
        closeOpenedBefore(now - keptNanos);
    }

    /** Closes all folders, to free their descriptors. */
    void closeAll(long now) throws IOException {
        closeOpenedBefore(now + 1);
    }

    private void closeOpenedBefore(long time) throws IOException {
        List<Held> gone = new ArrayList<>();
        lock.lock();
        try {
            Iterator<Held> all = folders.values().iterator();
            while (all.hasNext()) {
                Held held = all.next();
                if (held.opened() - time < 0) {
                    gone.add(held);
                    all.remove();
                }
            }
        } finally {
            lock.unlock();
        }
        close(gone);
    }

    /** Closing waits for threads that are using the folder, so it happens outside of the lock. */
    private static void close(List<Held> gone) throws IOException {
        for (Held held : gone) {
            held.stream().close();
        }
    }
}
