package dev.thrum.http.files;

import dev.thrum.http.Gzip;
import dev.thrum.http.Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A file as it was when it was last checked, with its representations. Safe for concurrent use. */
final class CachedFile {
    /**
     * A file that was changed less than this before it was read is read again at the next check: a second change may
     * have the same time, which has the resolution of kernel ticks, or of whole or even seconds on some file systems.
     */
    private static final Duration TICK = Duration.ofSeconds(2);

    /** Bytes of memory besides the content: heads, responses, paths. */
    private static final int OVERHEAD = 2 * 1024;

    private final Path path;
    private final Path compressed;
    private final FileForm plain;
    private final @Nullable FileForm gzipped;
    private final @Nullable Stamp compressedStamp;
    private final boolean settled;

    /** The reading of the clock at the last check. The next thread that checks sets it first, so only one does. */
    private final AtomicLong looked;

    /** Whether it was requested since the cache last made room; a race only costs or saves one round. */
    private volatile boolean wanted;

    /** Whether it was requested since the last check; a race only costs or saves one check. */
    private volatile boolean askedSinceLook;

    /**
     * The circumstances of a check.
     *
     * @param path before its links are followed
     * @param compressed the path of its compressed form, if there is one
     * @param seen the date of the check
     * @param now the reading of the clock
     */
    record Look(Path path, Path compressed, @Nullable Stamp compressedStamp, Instant seen, long now) {}

    CachedFile(Look look, FileForm plain, @Nullable FileForm gzipped) {
        this.path = look.path();
        this.compressed = look.compressed();
        this.compressedStamp = look.compressedStamp();
        this.plain = plain;
        this.gzipped = gzipped;
        this.looked = new AtomicLong(look.now());
        Instant from = look.seen().minus(TICK);
        this.settled =
                forms().allMatch(form -> form.stamp().modified().toInstant().isBefore(from));
    }

    private Stream<FileForm> forms() {
        return gzipped == null ? Stream.of(plain) : Stream.of(plain, gzipped);
    }

    /** The representation for a request. */
    FileForm form(Headers asked) {
        if (!wanted) {
            wanted = true;
        }
        if (!askedSinceLook) {
            askedSinceLook = true;
        }
        return gzipped != null && Gzip.accepts(asked) ? gzipped : plain;
    }

    /** Whether it was requested since the last call. */
    boolean takeWanted() {
        boolean was = wanted;
        wanted = false;
        return was;
    }

    /** Whether the caller must check it again. */
    boolean claimLook(long now, long interval) {
        long last = looked.get();
        return now - last >= interval && looked.compareAndSet(last, now);
    }

    /**
     * Whether the caller should check it before it is due, because no request waits for that; only if it was requested.
     */
    boolean claimEarlyLook(long now, long interval) {
        if (!askedSinceLook || !claimLook(now, interval / 2)) {
            return false;
        }
        askedSinceLook = false;
        return true;
    }

    boolean lookedBefore(long time) {
        return looked.get() - time < 0;
    }

    /** Checks whether the disk still has this state. */
    private boolean isUnchanged() throws IOException {
        return settled
                && Stamp.of(Files.readAttributes(path, BasicFileAttributes.class))
                        .equals(plain.stamp())
                && isCompressedUnchanged()
                && Files.isReadable(path);
    }

    /** Most files have no compressed form; {@code exists} checks that without an exception. */
    private boolean isCompressedUnchanged() {
        return compressedStamp == null
                ? !Files.exists(compressed) || stamp(compressed) == null
                : compressedStamp.equals(stamp(compressed));
    }

    /** The same, but a check that fails counts as a change: reading the file again will report the reason. */
    boolean isStillThere() {
        try {
            return isUnchanged();
        } catch (IOException e) {
            return false;
        }
    }

    /** The state of a regular file; null if there is none. */
    static @Nullable Stamp stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? Stamp.of(attributes) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** The number of bytes of memory that it takes. */
    long weight() {
        return OVERHEAD + forms().mapToLong(FileForm::held).sum();
    }

    void retire() throws IOException {
        for (FileForm form : forms().toList()) {
            form.spares().retire();
        }
    }

    void closeIdle() throws IOException {
        for (FileForm form : forms().toList()) {
            form.spares().closeIdle();
        }
    }
}
