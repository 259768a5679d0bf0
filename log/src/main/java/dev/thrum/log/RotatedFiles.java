package dev.thrum.log;

import dev.thrum.base.Disk;
import dev.thrum.base.IoWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The rotated files of a log: {@code NAME.20261120-082000-123}, in UTC, so that names sort by age, and with {@code .gz} once
 * compressed.
 *
 * <p>A separate thread compresses them; it is started when there is work. A compressed file gets its name when it is
 * complete and forced to disk, and the plain file is deleted when that name has been forced to disk too: a power failure
 * at any moment leaves one of them whole. Files that an unfinished compression has left are finished or removed at the next
 * start.
 */
final class RotatedFiles {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String GZ = ".gz";
    private static final String PART = ".gz.part";

    private final Path path;
    private final Path folder;
    private final String name;
    private final int kept;
    private final InstantSource clock;
    private final Disk disk;
    private final ThreadFactory threads;
    private final Pattern pattern;

    /** The number of requests to tidy that the running thread has not yet handled; the thread ends at 0. */
    private final AtomicInteger requests = new AtomicInteger();

    /** The last thread that was started; owned by the owner of the log. */
    private @Nullable Thread thread;

    /** Whether the thread could not be started; owned by the owner of the log. */
    private boolean startFailed;

    /** The time in the most recent name. Written by the owner of the log, read by the thread. */
    private volatile String newest = "";

    RotatedFiles(Path path, int kept, InstantSource clock, Disk disk, ThreadFactory threads) {
        this.path = path.toAbsolutePath();
        this.folder = this.path.resolveSibling(".").normalize();
        this.name = String.valueOf(path.getFileName());
        this.kept = kept;
        this.clock = clock;
        this.disk = disk;
        this.threads = threads;
        this.pattern = Pattern.compile(Pattern.quote(name) + "\\.\\d{8}-\\d{6}-\\d{3}(\\.gz|\\.gz\\.part)?");
    }

    /** Renames the log's file to a unique name with the time. */
    void putAside() throws IOException {
        Instant time = clock.instant();
        Path aside = folder.resolve(name + "." + NAME.format(time));
        while (Files.exists(aside) || Files.exists(compressed(aside))) {
            time = time.plusMillis(1);
            aside = folder.resolve(name + "." + NAME.format(time));
        }
        Path _ = Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        newest = NAME.format(time);
    }

    /** Makes another thread delete the oldest files and compress the others. */
    void tidy() {
        if (requests.getAndIncrement() == 0) {
            try {
                Thread fresh = threads.newThread(this::tidyAsRequested);
                fresh.start();
                thread = fresh;
                startFailed = false;
            } catch (OutOfMemoryError e) {
                // The system has no thread left now; it may have one later.
                requests.set(0);
                if (!startFailed) {
                    RequestLog.LOG.log(
                            Level.WARNING,
                            "cannot compress the rotated files of " + path + " now: " + e.getMessage()
                                    + "; retrying every second");
                }
                startFailed = true;
            }
        }
    }

    /** Tries again if the thread could not be started. To be called periodically. */
    void catchUp() {
        if (startFailed) {
            tidy();
        }
    }

    /** Waits for the thread, for at most this long. */
    void awaitTidy(Duration time) {
        try {
            if (thread != null) {
                boolean _ = thread.join(time);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tidyAsRequested() {
        int now = requests.get();
        while (now > 0) {
            try {
                tidyNow();
            } catch (IOException e) {
                warn(IoWords.of(e));
            } catch (RuntimeException | Error e) {
                // Otherwise the requests would never return to 0, and no thread would be started again.
                warn(String.valueOf(e.getMessage()));
            }
            now = requests.addAndGet(-now);
        }
    }

    private void warn(String reason) {
        RequestLog.LOG.log(Level.WARNING, "cannot compress the rotated files of " + path + ": " + reason);
    }

    private void tidyNow() throws IOException {
        List<Path> all = files();
        for (Path file : all) {
            if (file.toString().endsWith(PART)) {
                Files.delete(file);
            }
        }
        // Before and after compression, because it takes time and space.
        removeOld();
        for (Path file : all) {
            if (!file.toString().endsWith(PART) && !file.toString().endsWith(GZ) && Files.exists(file)) {
                compress(file);
            }
        }
        removeOld();
    }

    private void removeOld() throws IOException {
        String now = NAME.format(clock.instant());
        String last = newest;
        // Files that a wrong clock has dated later are neither counted nor deleted.
        List<String> ages = files().stream()
                .map(this::age)
                .filter(age -> age.compareTo(now) <= 0 || age.compareTo(last) <= 0)
                .distinct()
                .toList();
        List<String> old = ages.subList(0, Math.max(0, ages.size() - kept));
        for (Path file : files()) {
            if (old.contains(age(file))) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The part of its name that gives the time of the rotation. */
    private String age(Path file) {
        String text = file.getFileName().toString();
        return text.substring(name.length() + 1).replaceFirst("\\..*", "");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            pattern.matcher(file.getFileName().toString()).matches())
                    // Reading a pipe would wait for a writer.
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
    }

    private static Path compressed(Path file) {
        return file.resolveSibling(file.getFileName() + GZ);
    }

    private void compress(Path file) throws IOException {
        Path target = compressed(file);
        if (!Files.exists(target)) {
            Path part = file.resolveSibling(file.getFileName() + PART);
            try {
                try (InputStream in = Files.newInputStream(file);
                        OutputStream out = new Fast(Files.newOutputStream(part))) {
                    long _ = in.transferTo(out);
                }
                disk.force(part);
                Path _ = Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        // If the compressed file existed already, its name may not have been forced to disk yet.
        disk.force(folder);
        Files.deleteIfExists(file);
    }

    /** Fast compression: lines of a log are much alike, so a better one takes three times as long to save a tenth of the space. */
    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
