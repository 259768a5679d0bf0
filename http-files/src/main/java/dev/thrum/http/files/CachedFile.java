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

/** A file as it was when it was looked at, with its forms. Safe for concurrent use. */
final class CachedFile {
    /**
     * A file that was changed less than this before it was read is read again at the next look: a second change may have
     * the same time, which is told in ticks of the kernel, or in whole or even seconds on some file systems.
     */
    private static final Duration TICK = Duration.ofSeconds(2);

    /** What it takes in memory besides its content: heads, answers, paths. */
    private static final int OVERHEAD = 2 * 1024;

    private final Path path;
    private final Path beside;
    private final FileForm plain;
    private final @Nullable FileForm gzipped;
    private final @Nullable Stamp besideStamp;
    private final boolean settled;

    /** The reading of the clock at the last look; who looks next sets it first, so only one does. */
    private final AtomicLong looked;

    /** Whether it was asked for since the cache last made room; a race costs it, or saves it, one round. */
    private volatile boolean wanted;

    /** Whether it was asked for since the last look; a race costs, or saves, one look. */
    private volatile boolean askedSinceLook;

    /**
     * A file.
     *
     * @param path before its links are followed
     * @param beside where its compressed form may be
     * @param seen when it was looked at, by the date
     * @param now and by the clock
     */
    record Look(Path path, Path beside, @Nullable Stamp besideStamp, Instant seen, long now) {}

    CachedFile(Look look, FileForm plain, @Nullable FileForm gzipped) {
        this.path = look.path();
        this.beside = look.beside();
        this.besideStamp = look.besideStamp();
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

    /** The form that suits a request. */
    FileForm form(Headers asked) {
        if (!wanted) {
            wanted = true;
        }
        if (!askedSinceLook) {
            askedSinceLook = true;
        }
        return gzipped != null && Gzip.accepts(asked) ? gzipped : plain;
    }

    /** Whether it was wanted since this was last asked. */
    boolean takeWanted() {
        boolean was = wanted;
        wanted = false;
        return was;
    }

    /** Whether the caller is the one who must look at it again. */
    boolean claimLook(long now, long interval) {
        long last = looked.get();
        return now - last >= interval && looked.compareAndSet(last, now);
    }

    /** Whether the caller, whom nobody waits for, looks at it before its time is over: only if it is asked for. */
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

    /** Looks whether the disk still has it as it is here. */
    private boolean isUnchanged() throws IOException {
        return settled
                && Stamp.of(Files.readAttributes(path, BasicFileAttributes.class))
                        .equals(plain.stamp())
                && isBesideUnchanged()
                && Files.isReadable(path);
    }

    /** Most files have no compressed form. That there is none is asked in the way that makes no exception. */
    private boolean isBesideUnchanged() {
        return besideStamp == null ? !Files.exists(beside) || stamp(beside) == null : besideStamp.equals(stamp(beside));
    }

    /** The same, where what can't be looked at counts as changed: who looks anew will say what is wrong with it. */
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

    /** How many bytes of memory it takes. */
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
