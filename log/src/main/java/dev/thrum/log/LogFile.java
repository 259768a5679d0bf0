package dev.thrum.log;

import dev.thrum.base.Clock;
import dev.thrum.base.Disk;
import dev.thrum.base.IoWords;
import dev.thrum.base.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A log in a file, which is appended to and rotated, and created again if it was moved away.
 *
 * <p>Each write is complete or undone: if the disk is full, the part that was written is truncated; if even that fails, the
 * next record begins on a new line. Nothing is forced to disk: a record that was written survives the end of the program,
 * but a power failure only if the system has written it by then.
 *
 * <p>Owned by the thread that writes the log.
 */
public final class LogFile implements LogSink {
    /** The size of a write: it ends with the first line that reaches it. */
    private static final int CHUNK = 64 * 1024;

    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ROTATE_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The time that compression may take when the log ends; if it takes longer, the next start does it again. */
    private static final Duration LAST_COMPRESSION = Duration.ofSeconds(2);

    /** The bits of a file's mode that give its type (POSIX, sys/stat.h). */
    private static final int TYPE_OF_FILE = 0170000;

    private static final int PIPE = 0010000;

    private final Path path;
    private final LineWriter lines;
    private final Rotation rotation;
    private final InstantSource clock;

    /** Measures periods, because the clock may be set. */
    private final LongSupplier nanoTime;

    private final ZoneId zone;
    private final RotatedFiles rotated;
    private final LineBuffer buffer = new LineBuffer();

    /** Null before the first attempt and after one that has failed. */
    private @Nullable Opened file;

    /** The time of the next check that the file is still in place. */
    private long nextCheck;

    /** The earliest time of the next rotation; later than now after a rotation that failed. */
    private long nextRotation;

    /** An open file. */
    private static final class Opened {
        final FileChannel channel;

        /** Identifies the file among others of that name; null if the file system has no such keys. */
        final @Nullable Object key;

        /** Whether it can be truncated and renamed: it is not a device, nor a link, which would be renamed instead. */
        final boolean regular;

        long size;

        /** The beginning of the day that the file belongs to, in milliseconds of the clock. */
        long dayBegin;

        /** The beginning of the next day. */
        long dayEnd;

        Opened(FileChannel channel, BasicFileAttributes attributes, boolean link) throws IOException {
            this.channel = channel;
            this.key = attributes.fileKey();
            this.regular = attributes.isRegularFile() && !link;
            this.size = regular ? channel.size() : 0;
        }
    }

    private LogFile(
            Path path, LineWriter lines, Rotation rotation, InstantSource clock, ZoneId zone, LongSupplier nanoTime) {
        this.path = path;
        this.lines = lines;
        this.rotation = rotation;
        this.clock = clock;
        this.zone = zone;
        this.nanoTime = nanoTime;
        this.nextRotation = nanoTime.getAsLong();
        this.rotated = new RotatedFiles(
                path, rotation.kept(), clock, Disk.ofSystem(), task -> Threads.daemon("thrum-log-gzip", task));
    }

    /**
     * Opens a file. Creates it and its folder if they are missing.
     *
     * @param zone the time zone of midnight, and of the times in formats that have local times
     * @throws IOException if it can't be opened
     */
    public static LogFile open(Path path, LogFormat format, Rotation rotation, InstantSource clock, ZoneId zone)
            throws IOException {
        return open(path, format, rotation, clock, zone, Clock.system()::nanoTime);
    }

    static LogFile open(
            Path path, LogFormat format, Rotation rotation, InstantSource clock, ZoneId zone, LongSupplier nanoTime)
            throws IOException {
        LogFile log = new LogFile(path, format.writer(zone), rotation, clock, zone, nanoTime);
        log.opened();
        if (rotation.size() > 0 || rotation.daily()) {
            log.rotated.tidy();
        }
        return log;
    }

    private static boolean isPipe(Path path) {
        try {
            return ((int) Files.getAttribute(path, "unix:mode") & TYPE_OF_FILE) == PIPE;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // It does not exist yet, or the system has no pipes.
            return false;
        }
    }

    @Override
    public int write(List<RequestRecord> records) throws IOException {
        buffer.clear();
        int count = 0;
        while (count < records.size() && buffer.size() < CHUNK) {
            lines.add(records.get(count), buffer);
            count++;
        }
        append();
        return count;
    }

    @Override
    public void write(Gap gap) throws IOException {
        buffer.clear();
        lines.add(gap, buffer);
        append();
    }

    /** Rotates at midnight even if there are no requests. */
    @Override
    public void idle() throws IOException {
        Opened now = current();
        if (now.size > 0) {
            Opened _ = rotatedIfDue(now, 0);
        }
    }

    private void append() throws IOException {
        Opened now = rotatedIfDue(current(), buffer.size());
        ByteBuffer bytes = buffer.content();
        try {
            while (bytes.hasRemaining()) {
                int _ = now.channel.write(bytes);
            }
            now.size += buffer.size();
        } catch (IOException e) {
            undo(now);
            throw e;
        }
    }

    /** Truncates a partial write, so that it can be repeated. */
    private void undo(Opened now) {
        file = null;
        try (FileChannel channel = now.channel) {
            if (now.regular) {
                FileChannel _ = channel.truncate(now.size);
            }
        } catch (IOException e) {
            // Half a line stays then; the next opening of the file ends it.
        }
    }

    /** The open file; opened again if its name now belongs to another file. */
    private Opened current() throws IOException {
        Opened now = file;
        long time = nanoTime.getAsLong();
        if (now != null && time - nextCheck >= 0) {
            nextCheck = time + CHECK_NANOS;
            rotated.catchUp();
            if (!isInPlace(now)) {
                file = null;
                now.channel.close();
                now = null;
            }
        }
        return now == null ? opened() : now;
    }

    private boolean isInPlace(Opened now) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.fileKey() != null && !attributes.fileKey().equals(now.key)) {
                return false;
            }
            if (now.regular) {
                // Another program may have truncated it.
                now.size = attributes.size();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Opened opened() throws IOException {
        if (isPipe(path)) {
            throw new IOException("it is a pipe, and opening a pipe waits for a reader: name a file");
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Path _ = Files.createDirectories(folder);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Opened now = new Opened(channel, attributes, Files.isSymbolicLink(path));
            // A file that an earlier run wrote yesterday belongs to yesterday.
            date(now, now.size > 0 ? attributes.lastModifiedTime().toInstant() : clock.instant());
            if (now.size > 0 && !endsWithLine(now.size)) {
                now.size += channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            file = now;
            nextCheck = nanoTime.getAsLong() + CHECK_NANOS;
            return now;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether the last line is complete: a program that was killed, or a full disk, may have left half a line. */
    private boolean endsWithLine(long size) throws IOException {
        try (FileChannel reading = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return reading.read(last, size - 1) < 1 || last.get(0) == '\n';
        }
    }

    /** Sets the day that the file belongs to. */
    private void date(Opened now, Instant instant) {
        LocalDate day = LocalDate.ofInstant(instant, zone);
        now.dayBegin = day.atStartOfDay(zone).toInstant().toEpochMilli();
        now.dayEnd = day.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
    }

    private Opened rotatedIfDue(Opened now, int more) throws IOException {
        long time = clock.millis();
        boolean full = rotation.size() > 0 && now.size > 0 && now.size + more > rotation.size();
        boolean over = rotation.daily() && time >= now.dayEnd;
        if (time < now.dayBegin || (over && now.size == 0)) {
            // The clock was ahead when the file was begun, or the file is empty: it belongs to today.
            date(now, clock.instant());
            over = false;
        }
        if (now.regular && (full || over) && nanoTime.getAsLong() - nextRotation >= 0) {
            return rotated(now);
        }
        return now;
    }

    private Opened rotated(Opened now) throws IOException {
        try {
            rotated.putAside();
            file = null;
            now.channel.close();
            Opened fresh = opened();
            rotated.tidy();
            return fresh;
        } catch (IOException e) {
            if (file == null) {
                throw e;
            }
            nextRotation = nanoTime.getAsLong() + ROTATE_AGAIN_NANOS;
            RequestLog.LOG.log(Level.WARNING, "cannot rotate " + path + ", so it keeps growing: " + IoWords.of(e));
            return now;
        }
    }

    @Override
    public void close() throws IOException {
        Opened now = file;
        file = null;
        if (now != null) {
            now.channel.close();
        }
        rotated.awaitTidy(LAST_COMPRESSION);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
