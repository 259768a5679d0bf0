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
 * A log in a file that is appended to, rotated, and made anew when somebody has moved it away.
 *
 * <p>What is written at once is written whole or not at all: what a full disk has left of it is cut off again, and if even
 * that fails, the next line begins on a line of its own. Nothing is forced to the disk: a record that was written survives
 * the end of the program, and a power failure only if the system had the time.
 *
 * <p>Owned by the thread that writes the log.
 */
public final class LogFile implements LogSink {
    /** So much is written at once, and the rest of a line. */
    private static final int CHUNK = 64 * 1024;

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ROTATE_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** For what is being compressed when the log ends; else the next start does it. */
    private static final Duration LAST_COMPRESSION = Duration.ofSeconds(2);

    /** Of the mode of a file (POSIX, sys/stat.h). */
    private static final int TYPE_OF_FILE = 0170000;

    private static final int PIPE = 0010000;

    private final Path path;
    private final LineWriter lines;
    private final Rotation rotation;
    private final InstantSource clock;

    /** Periods are measured with this: the clock may be set. */
    private final LongSupplier nanoTime;

    private final ZoneId zone;
    private final RotatedFiles rotated;
    private final LineBuffer buffer = new LineBuffer();

    /** Null before the first attempt and after one that has failed. */
    private @Nullable Opened file;

    /** When it is looked again whether the file is still where it was. */
    private long nextLook;

    /** Not before then, after a rotation that has failed. */
    private long nextRotation;

    /** A file as it is open. */
    private static final class Opened {
        final FileChannel channel;

        /** What tells it from others of that name; null where the system does not say. */
        final @Nullable Object key;

        /** Whether it can be cut and renamed: it is no device, and no link, which would be renamed instead. */
        final boolean regular;

        long size;

        /** The day that it belongs to, by the clock's milliseconds: its beginning, and that of the next. */
        long morning;

        long midnight;

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
     * Opens a file, and makes it and its folder where they are missing.
     *
     * @param zone of midnight, and of the times in formats that have local ones
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
            // It is not there yet, or not on a system that has them.
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

    /** A day that ends while nobody asks anything ends its file too. */
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

    /** Takes back a part of what was to be written, so that it can be written again. */
    private void undo(Opened now) {
        file = null;
        try (FileChannel channel = now.channel) {
            if (now.regular) {
                FileChannel _ = channel.truncate(now.size);
            }
        } catch (IOException e) {
            // Then half a line stays, and who opens the file again ends it.
        }
    }

    /** The file, open: another one if what has its name is not the one that was opened. */
    private Opened current() throws IOException {
        Opened now = file;
        long time = nanoTime.getAsLong();
        if (now != null && time - nextLook >= 0) {
            nextLook = time + LOOK_NANOS;
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
                // Somebody may have cut it.
                now.size = attributes.size();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Opened opened() throws IOException {
        if (isPipe(path)) {
            throw new IOException("it is a pipe, which is opened only when somebody reads it: name a file");
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Path _ = Files.createDirectories(folder);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Opened now = new Opened(channel, attributes, Files.isSymbolicLink(path));
            // What was written yesterday, by a program before this one, belongs to yesterday.
            date(now, now.size > 0 ? attributes.lastModifiedTime().toInstant() : clock.instant());
            if (now.size > 0 && !endsWithLine(now.size)) {
                now.size += channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            file = now;
            nextLook = nanoTime.getAsLong() + LOOK_NANOS;
            return now;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** A program that was killed, or a full disk, may have left half a line. */
    private boolean endsWithLine(long size) throws IOException {
        try (FileChannel reading = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return reading.read(last, size - 1) < 1 || last.get(0) == '\n';
        }
    }

    /** Says to which day the file belongs. */
    private void date(Opened now, Instant instant) {
        LocalDate day = LocalDate.ofInstant(instant, zone);
        now.morning = day.atStartOfDay(zone).toInstant().toEpochMilli();
        now.midnight = day.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
    }

    private Opened rotatedIfDue(Opened now, int more) throws IOException {
        long time = clock.millis();
        boolean full = rotation.size() > 0 && now.size > 0 && now.size + more > rotation.size();
        boolean over = rotation.daily() && time >= now.midnight;
        if (time < now.morning || (over && now.size == 0)) {
            // The clock was ahead when the file was begun: it belongs to the day that it is.
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
            RequestLog.LOG.log(Level.WARNING, "cannot rotate " + path + ", which grows on: " + IoWords.of(e));
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
