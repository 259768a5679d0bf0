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
 * The files that were put aside: {@code NAME.20261120-082000-123}, by UTC, so that names sort by age, and with {@code .gz}
 * once compressed.
 *
 * <p>Compressing is done by a thread of its own, made when there is something to do. A compressed file gets its name when
 * it is complete and on the disk, and the other one goes when that name is on the disk too: a power failure at any moment
 * leaves one of them whole. What an end in between has left is finished or removed at the next start.
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

    /** How often it was asked to tidy since the thread that does has ended. */
    private final AtomicInteger asked = new AtomicInteger();

    /** The owner's own, who starts it. */
    private @Nullable Thread thread;

    /** Whether the thread could not be started; the owner's own. */
    private boolean owed;

    /** The time in the name that was given last. Written by the owner, read by the thread. */
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

    /** Gives the file a name that no other has. */
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

    /** Has what is too old removed and the rest compressed, by another thread. */
    void tidy() {
        if (asked.getAndIncrement() == 0) {
            try {
                Thread fresh = threads.newThread(this::tidyAsOftenAsAsked);
                fresh.start();
                thread = fresh;
                owed = false;
            } catch (OutOfMemoryError e) {
                // The system has no thread left, which says nothing about the next time.
                asked.set(0);
                if (!owed) {
                    RequestLog.LOG.log(
                            Level.WARNING,
                            "cannot compress what was rotated of " + path + " now: " + e.getMessage()
                                    + "; it is tried again every second");
                }
                owed = true;
            }
        }
    }

    /** Begins what could not be begun when it was asked for. To be called now and then. */
    void catchUp() {
        if (owed) {
            tidy();
        }
    }

    /** Waits for that, so long at most. */
    void awaitTidy(Duration time) {
        try {
            if (thread != null) {
                boolean _ = thread.join(time);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tidyAsOftenAsAsked() {
        int now = asked.get();
        while (now > 0) {
            try {
                tidyNow();
            } catch (IOException e) {
                warn(IoWords.of(e));
            } catch (RuntimeException | Error e) {
                // Else nobody would be asked any more.
                warn(String.valueOf(e.getMessage()));
            }
            now = asked.addAndGet(-now);
        }
    }

    private void warn(String reason) {
        RequestLog.LOG.log(Level.WARNING, "cannot compress what was rotated of " + path + ": " + reason);
    }

    private void tidyNow() throws IOException {
        List<Path> all = files();
        for (Path file : all) {
            if (file.toString().endsWith(PART)) {
                Files.delete(file);
            }
        }
        // Twice, because compressing takes a while and space.
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
        // What a clock that was wrong has dated later takes nobody's place.
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

    /** What of its name says when it was put aside. */
    private String age(Path file) {
        String text = file.getFileName().toString();
        return text.substring(name.length() + 1).replaceFirst("\\..*", "");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            pattern.matcher(file.getFileName().toString()).matches())
                    // Reading a pipe would wait for who writes to it.
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
        // One that was there already may have got its name in the instant before the last end.
        disk.force(folder);
        Files.deleteIfExists(file);
    }

    /** Lines of a log are much alike: trying harder costs three times the time for a tenth of the space. */
    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
