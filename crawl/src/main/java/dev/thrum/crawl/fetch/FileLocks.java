package dev.thrum.crawl.fetch;

import dev.thrum.base.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Locks between processes: files that the system unlocks when their process ends, however it ends. */
public final class FileLocks {
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private FileLocks() {}

    /** Locks a file, which is made if it is not there; empty if another process has it. Closing the channel unlocks it. */
    public static Optional<FileChannel> tryLock(Path file) throws IOException {
        FileChannel channel = open(file);
        boolean locked = false;
        try {
            locked = isLocked(channel);
            return locked ? Optional.of(channel) : Optional.empty();
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    /** Locks a file that everybody locks only for a moment. */
    static FileChannel lock(Path file, Clock clock) throws IOException, InterruptedException {
        FileChannel channel = open(file);
        boolean locked = false;
        try {
            long begun = clock.nanoTime();
            while (!isLocked(channel)) {
                if (clock.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new IOException(
                            "expected to lock " + file + " within 30 s but another process has it: end that");
                }
                clock.sleep(PAUSE);
            }
            locked = true;
            return channel;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // This process has it, through another channel.
            return false;
        }
    }
}
