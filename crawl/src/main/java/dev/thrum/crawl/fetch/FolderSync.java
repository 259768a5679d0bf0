package dev.thrum.crawl.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forces the names in a folder to the disk, for all threads that have changed some meanwhile at once: one of them does it, the others wait.
 * Safe for concurrent use.
 */
final class FolderSync {
    private final Path folder;
    private final Disk disk;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    @GuardedBy("lock")
    private long asked;

    /** All that had asked when the last successful one began are done. */
    @GuardedBy("lock")
    private long done;

    @GuardedBy("lock")
    private boolean running;

    FolderSync(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /** Returns when the names that were in the folder at the call are durable. The thread must not be interrupted. */
    void sync() throws DiskException {
        lock.lock();
        try {
            asked++;
            long mine = asked;
            while (running && done < mine) {
                ended.awaitUninterruptibly();
            }
            if (done < mine) {
                force();
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void force() throws DiskException {
        long upTo = asked;
        running = true;
        lock.unlock();
        boolean forced = false;
        try {
            disk.force(folder);
            forced = true;
        } catch (IOException e) {
            throw new DiskException("expected to make the names in " + folder + " durable", e);
        } finally {
            lock.lock();
            running = false;
            done = forced ? upTo : done;
            ended.signalAll();
        }
    }
}
