package dev.thrum.crawl.frontier;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The URLs that a crawl has found, in a folder: a set of all, a queue of those that wait, and a note for each that is finished.
 *
 * <p>A URL is <em>claimed</em> by the first thread that finds it, which then adds it (or skips it); it waits until a thread takes it, which
 * finishes it or puts it back. All of that is in memory and a buffer until {@link #commit} makes it durable, all at once: whoever opens the folder
 * after a crash finds exactly the state of the last commit, in which URLs that were taken and not finished wait again. Within a host,
 * the shapes of URLs take turns, and those of a shape are taken in the order in which they were added. After {@link #open} a URL may be behind
 * those that were added a little later, if its part of the journal was compacted.
 *
 * <p>Memory grows with what was appended since the last commit ({@link #uncommitted}), by about 20 bytes for each known URL, and by at most 12
 * for each that waits, or 36 if it has a shape of its own. URLs of a shape that are added one after the other need 12 bytes together. URLs are read
 * from the disk when they are taken.
 *
 * <p>Safe for concurrent use. Methods take a lock for a short time; {@link #next} reads under it, usually from the cache of the system. A commit
 * writes and waits without it. After a failure of the disk all methods throw {@link IllegalStateException}: open the folder again. One
 * process at a time may use a folder, which is not checked here.
 */
public final class Frontier implements UrlsByHost, AutoCloseable {
    /** The longest note. */
    public static final int LONGEST_NOTE = 64;

    /** The longest checkpoint. */
    public static final int LONGEST_CHECKPOINT = CommitFile.LONGEST;

    private static final int SEGMENT_BYTES = 8 * 1024 * 1024;
    private static final int FIRST_SEGMENT = 1;

    /** Held during a commit; before {@link #lock}. */
    private final ReentrantLock committing = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("committing")
    private final DurableState durable;

    private final Optional<byte[]> openedAt;

    @GuardedBy("lock")
    private final UrlStates states;

    @GuardedBy("lock")
    private @Nullable Throwable failure;

    @GuardedBy("lock")
    private boolean closed;

    private Frontier(DurableState durable, UrlStates states) {
        this.durable = durable;
        this.openedAt = durable.checkpoint();
        this.states = states;
    }

    /**
     * Begins a frontier. Makes the folder if there is none.
     *
     * @throws IOException if the folder has a frontier, or the disk fails
     */
    public static Frontier create(Path folder) throws IOException {
        Files.createDirectories(folder);
        return create(new DiskFolder(folder, Disk.ofSystem()), SEGMENT_BYTES);
    }

    static Frontier create(StateFolder folder, int segmentBytes) throws IOException {
        boolean created = false;
        try {
            Segment first = Segment.create(FIRST_SEGMENT, new byte[0]);
            DurableState durable = DurableState.create(folder, first);
            Journal journal = new Journal(segmentBytes, List.of(first));
            created = true;
            return new Frontier(durable, new UrlStates(journal, new KnownSet(), new WaitingUrls()));
        } finally {
            if (!created) {
                folder.close();
            }
        }
    }

    /**
     * Opens a frontier as its last commit has left it, and removes what was written later.
     *
     * @param done receives each finished URL once
     * @throws IOException if the folder has no frontier, or one of another version or a damaged one, or the disk fails
     */
    public static Frontier open(Path folder, Consumer<Noted> done) throws IOException {
        return open(new DiskFolder(folder, Disk.ofSystem()), SEGMENT_BYTES, done);
    }

    static Frontier open(StateFolder folder, int segmentBytes, Consumer<Noted> done) throws IOException {
        boolean opened = false;
        try {
            CommitFile commits = CommitFile.open(folder);
            Commit last = commits.last();
            SeenFile seen = SeenFile.open(folder, last.seenLength());
            List<Segment> segments = Replay.openSegments(folder, last);
            KnownSet known = new KnownSet();
            WaitingUrls waiting = new WaitingUrls();
            new Replay(seen, segments, known, waiting).run(done);
            DurableState durable = new DurableState(folder, commits, seen, last);
            opened = true;
            return new Frontier(durable, new UrlStates(new Journal(segmentBytes, segments), known, waiting));
        } finally {
            if (!opened) {
                folder.close();
            }
        }
    }

    /**
     * The checkpoint of the last commit in a folder, whose files are not changed; empty if there was none.
     *
     * @throws IOException if the folder has no frontier, or one of another version or a damaged one
     */
    public static Optional<byte[]> lastCheckpoint(Path folder) throws IOException {
        try (StateFolder files = new DiskFolder(folder, Disk.ofSystem())) {
            return Optional.ofNullable(CommitFile.open(files).last().checkpoint());
        }
    }

    /** The checkpoint of the last commit before this frontier was opened; empty if there was none. */
    public Optional<byte[]> checkpoint() {
        return openedAt.map(byte[]::clone);
    }

    /**
     * Makes a fingerprint known. The caller then adds its URL or skips it; until then a commit does not count it.
     *
     * @return false if it was known before
     */
    public boolean claim(Fingerprint fingerprint) {
        return locked(urls -> urls.claim(fingerprint));
    }

    /** Whether a fingerprint was claimed, by whomever. */
    public boolean knows(Fingerprint fingerprint) {
        return locked(urls -> urls.depth(fingerprint) >= 0);
    }

    /**
     * Adds a URL that was claimed: it waits from now on.
     *
     * @throws IllegalStateException if it was not claimed, or was added or skipped before
     */
    @Override
    public void add(NewUrl url) {
        locked(urls -> {
            urls.add(url);
            return urls;
        });
    }

    /**
     * Finishes a URL that was claimed, without having added it.
     *
     * @param depth at which it was found
     * @param note as for {@link #done}
     * @throws IllegalStateException if it was not claimed, or was added or skipped before
     */
    public void skip(Fingerprint fingerprint, int depth, byte[] note) {
        checkNote(note);
        NewUrl.checkDepth(depth);
        locked(urls -> {
            urls.skip(fingerprint, depth, note);
            return urls;
        });
    }

    /**
     * Takes the next URL of a host. The shapes of the host take turns; a shape that has no waiting URL and then gets one is last.
     *
     * @return empty if none of the host waits
     * @throws UncheckedIOException if it can't be read
     */
    @Override
    public Optional<KnownUrl> next(String host) {
        return locked(urls -> urls.take(host));
    }

    /**
     * Makes a URL wait that was taken: it is the next one of its shape.
     *
     * @param url with the attempts that it is to be taken with; they are lost when the frontier is closed
     * @throws IllegalStateException if it is not taken
     */
    @Override
    public void putBack(KnownUrl url) {
        locked(urls -> {
            urls.putBack(url);
            return urls;
        });
    }

    /**
     * Finishes a URL that was taken. It counts as finished with the next commit, so its outputs must be in the checkpoint of that commit.
     *
     * @param note kept for ever, for the listener of {@link #open}; at most {@value #LONGEST_NOTE} bytes
     * @throws IllegalStateException if it is not taken
     */
    public void done(KnownUrl url, byte[] note) {
        checkNote(note);
        locked(urls -> {
            urls.done(url, note);
            return urls;
        });
    }

    /**
     * Finishes a URL that somebody else has fetched: it may wait, be taken, or not even be known. No effect if it is finished. Until the frontier is
     * opened again, {@link #waiting} counts one that waited until {@link #next} leaves it out.
     *
     * @param depth at which it was found
     * @param note as for {@link #done}
     */
    public void finish(Fingerprint fingerprint, int depth, byte[] note) {
        checkNote(note);
        NewUrl.checkDepth(depth);
        locked(urls -> {
            urls.finishAnywhere(fingerprint, depth, note);
            return urls;
        });
    }

    private static void checkNote(byte[] note) {
        if (note.length > LONGEST_NOTE) {
            throw new IllegalArgumentException(
                    "expected a note of at most " + LONGEST_NOTE + " bytes but it has " + note.length);
        }
    }

    /** The least depth at which a URL was found; 255 means at least that, or that it was only claimed; -1 if it is not known. */
    public int depth(Fingerprint fingerprint) {
        return locked(urls -> urls.depth(fingerprint));
    }

    /**
     * Notes that a known URL was found at a depth, which may be less than before.
     *
     * @return whether it is less, by {@link #depth}; false if the URL is not known
     */
    public boolean lowerDepth(Fingerprint fingerprint, int depth) {
        NewUrl.checkDepth(depth);
        return locked(urls -> urls.lowerDepth(fingerprint, depth));
    }

    /** The number of known URLs, including those that are only claimed. */
    public long known() {
        return locked(urls -> urls.known().size());
    }

    /** The number of URLs that wait, without those that are taken. */
    @Override
    public long waiting() {
        return locked(urls -> urls.waiting().size());
    }

    /** The number of URLs of a host that wait. */
    @Override
    public long waiting(String host) {
        return locked(urls -> urls.waiting().size(host));
    }

    /** The hosts with waiting URLs, and how many: a copy. */
    @Override
    public Map<String, Long> hosts() {
        return locked(urls -> urls.waiting().sizes());
    }

    /** The bytes that were appended since the last commit, which are in memory. A caller that appends much commits when they are too many. */
    public long uncommitted() {
        return locked(urls -> urls.journal().unwrittenBytes());
    }

    /** A step under the lock. */
    @FunctionalInterface
    private interface Step<T> {
        T run(UrlStates urls) throws IOException;
    }

    @CanIgnoreReturnValue
    private <T> T locked(Step<T> step) {
        lock.lock();
        try {
            checkUsable();
            return step.run(states);
        } catch (IOException e) {
            failure = e;
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes everything durable that was done so far, together with a checkpoint; or nothing of it, if the process or the machine ends
     * meanwhile. What other threads do meanwhile may be in this commit or in the next one. Also removes segments of the journal of which little
     * is needed.
     *
     * @param checkpoint of the caller, at most {@value #LONGEST_CHECKPOINT} bytes
     * @throws IOException if the disk fails: this frontier can't be used any more, and its folder has the previous commit or this one
     */
    public void commit(byte[] checkpoint) throws IOException {
        if (checkpoint.length > LONGEST_CHECKPOINT) {
            throw new IllegalArgumentException("expected a checkpoint of at most " + LONGEST_CHECKPOINT
                    + " bytes but it has " + checkpoint.length);
        }
        committing.lock();
        try {
            locked(urls -> urls);
            write(checkpoint);
        } finally {
            committing.unlock();
        }
    }

    @GuardedBy("committing")
    private void write(byte[] checkpoint) throws IOException {
        try {
            List<Segment> removed = compact();
            Snapshot snapshot = locked(urls -> snapshot(urls.journal()));
            giveFiles(snapshot.parts());
            durable.commit(snapshot.first(), snapshot.parts(), snapshot.end(), checkpoint);
            locked(urls -> {
                snapshot.parts().forEach(urls.journal()::wrote);
                return urls;
            });
            for (Segment segment : removed) {
                durable.delete(segment);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (Throwable e) {
            fail(e);
            throw e;
        }
    }

    /** Removes first segments while that is worth it; what is needed of them is appended, and becomes durable with the same commit. */
    @GuardedBy("committing")
    private List<Segment> compact() throws IOException {
        List<Segment> removed = new ArrayList<>();
        for (int slices = locked(urls -> urls.journal().slices()); slices > 0; slices--) {
            Optional<Segment> first = locked(urls -> urls.journal().firstToRemove());
            if (first.isEmpty()) {
                break;
            }
            durable.keep(first.get());
            removed.add(first.get());
            locked(urls -> {
                urls.removeFirstSegment();
                return urls;
            });
        }
        return removed;
    }

    /** The journal at one moment. */
    private record Snapshot(int first, List<Segment.Unwritten> parts, long end) {}

    private static Snapshot snapshot(Journal journal) {
        Segment last = journal.last();
        return new Snapshot(
                journal.first().number(), journal.unwritten(), Segment.position(last.number(), last.length()));
    }

    @GuardedBy("committing")
    private void giveFiles(List<Segment.Unwritten> parts) throws IOException {
        for (Segment.Unwritten part : parts) {
            if (!part.segment().hasFile()) {
                StateFile file = durable.create(part.segment());
                locked(urls -> {
                    part.segment().setFile(file);
                    return urls;
                });
            }
        }
    }

    private void fail(Throwable cause) {
        lock.lock();
        try {
            failure = cause;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void checkUsable() {
        if (closed) {
            throw new IllegalStateException("expected an open frontier but it is closed");
        }
        if (failure != null) {
            throw new IllegalStateException(
                    "expected a frontier whose disk works but it has failed: close it and open its folder again",
                    failure);
        }
    }

    /** Closes the files. What was not committed is lost. */
    @Override
    public void close() throws IOException {
        committing.lock();
        lock.lock();
        try {
            closed = true;
            durable.close();
        } finally {
            lock.unlock();
            committing.unlock();
        }
    }
}
