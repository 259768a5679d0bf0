package dev.thrum.http.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A cache of files by path, bounded in bytes. Safe for concurrent use; reads take no lock.
 *
 * <p>Files are evicted in the order of insertion (FIFO), but one that was requested since it was last considered goes
 * to the end of the queue instead, once (second chance).
 */
final class FileCache {
    /** At most this many files are passed in a round of early checks, and at most this long. */
    private static final int MOST_AHEAD = 256;

    private static final long MOST_AHEAD_NANOS = 1_000_000;

    private final long capacity;
    private final ConcurrentHashMap<String, CachedFile> files = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final LinkedHashMap<String, CachedFile> line = new LinkedHashMap<>();

    @GuardedBy("lock")
    private long weight;

    private final ReentrantLock round = new ReentrantLock();

    @GuardedBy("round")
    private Iterator<Map.Entry<String, CachedFile>> ahead = Collections.emptyIterator();

    /** A cache of this many bytes. */
    FileCache(long capacity) {
        this.capacity = capacity;
    }

    @Nullable
    CachedFile get(String path) {
        return files.get(path);
    }

    /** Caches a file in place of the previous one, if it fits at all. */
    void put(String path, CachedFile file) throws IOException {
        if (weight(path, file) > capacity) {
            remove(path);
            file.retire();
            return;
        }
        List<CachedFile> gone = new ArrayList<>();
        lock.lock();
        try {
            take(path, gone);
            line.put(path, file);
            files.put(path, file);
            weight += weight(path, file);
            makeRoom(gone);
        } finally {
            lock.unlock();
        }
        retire(gone);
    }

    void remove(String path) throws IOException {
        List<CachedFile> gone = new ArrayList<>();
        lock.lock();
        try {
            take(path, gone);
        } finally {
            lock.unlock();
        }
        retire(gone);
    }

    @GuardedBy("lock")
    private void take(String path, List<CachedFile> gone) {
        CachedFile file = line.remove(path);
        if (file != null) {
            files.remove(path);
            weight -= weight(path, file);
            gone.add(file);
        }
    }

    /** Passes over at most as many files as there are, however often they are requested meanwhile, so this ends. */
    @GuardedBy("lock")
    private void makeRoom(List<CachedFile> gone) {
        int mayPass = line.size();
        while (weight > capacity) {
            Map.Entry<String, CachedFile> first = line.firstEntry();
            if (first.getValue().takeWanted() && mayPass > 0) {
                mayPass--;
                line.remove(first.getKey());
                line.put(first.getKey(), first.getValue());
            } else {
                take(first.getKey(), gone);
            }
        }
    }

    private static long weight(String path, CachedFile file) {
        return file.weight() + path.length();
    }

    /** Closing happens outside of the lock. */
    private static void retire(List<CachedFile> gone) throws IOException {
        for (CachedFile file : gone) {
            file.retire();
        }
    }

    /**
     * Checks files early that are requested and will soon be due, from where the last round ended, and drops those that
     * have changed: one hand-over to another thread then pays for many checks. A round ends after a number of files, or
     * after a millisecond if the disk is slow. One thread runs it at a time; others return at once.
     */
    void lookAhead(Clock clock, long interval) throws IOException {
        if (interval == 0 || !round.tryLock()) {
            return;
        }
        try {
            long begin = clock.nanoTime();
            if (!ahead.hasNext()) {
                ahead = files.entrySet().iterator();
            }
            for (int i = 0; i < MOST_AHEAD && ahead.hasNext(); i++) {
                Map.Entry<String, CachedFile> entry = ahead.next();
                if (entry.getValue().claimEarlyLook(begin, interval)) {
                    if (!entry.getValue().isStillThere()) {
                        remove(entry.getKey());
                    }
                    if (clock.nanoTime() - begin > MOST_AHEAD_NANOS) {
                        return;
                    }
                }
            }
        } finally {
            round.unlock();
        }
    }

    /** Closes open channels of files that were not requested since this reading of the clock. */
    void closeUnused(long since) throws IOException {
        for (CachedFile file : files.values()) {
            if (file.lookedBefore(since)) {
                file.closeIdle();
            }
        }
    }

    /** The number of bytes that the files take. */
    long weight() {
        lock.lock();
        try {
            return weight;
        } finally {
            lock.unlock();
        }
    }
}
