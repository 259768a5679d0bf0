package dev.thrum.database.dialect;

import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock that one thread of one process holds at a time: the lock of a file, which is empty and stays.
 *
 * <p>The system releases the lock of a process that dies.
 */
public final class ProcessLock implements Closeable {
    private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @throws IOException if the file can't be created, or the lock is not free in time
     */
    public static ProcessLock await(Path file, Duration patience) throws IOException {
        Deadline deadline = Deadline.in(patience);
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                OwnerOnly.ofFile(file.getFileSystem()));
        try {
            while (!isLocked(channel)) {
                if (deadline.nanosLeft() == 0) {
                    throw new IOException("expected the lock " + file + " to be free within "
                            + DurationText.of(patience) + " but another program holds it: end that program");
                }
                LockSupport.parkNanos(file, RECHECK_NANOS);
            }
            return new ProcessLock(channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Another thread of this process has it.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
