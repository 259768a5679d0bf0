package dev.thrum.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Files by their paths, as many as fit. Safe for concurrent use; who only reads takes no lock.
 *
 * <p>The one that came first goes first, unless it was asked for since the last time that was looked at: then it goes to
 * the end of the line, once.
 */
final class FileCache {
    private final long capacity;
    private final ConcurrentHashMap<String, CachedFile> files = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final LinkedHashMap<String, CachedFile> line = new LinkedHashMap<>();

    @GuardedBy("lock")
    private long weight;

    /** A cache of so many bytes. */
    FileCache(long capacity) {
        this.capacity = capacity;
    }

    @Nullable
    CachedFile get(String path) {
        return files.get(path);
    }

    /** Takes in a file instead of what was there, if it fits at all. */
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

    /** As many are passed over as there are, however often they are asked for meanwhile: so this ends. */
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

    /** Closing is left until the lock is free. */
    private static void retire(List<CachedFile> gone) throws IOException {
        for (CachedFile file : gone) {
            file.retire();
        }
    }

    /** Closes what is open of files that nobody has asked for since this reading of the clock. */
    void closeUnused(long since) throws IOException {
        for (CachedFile file : files.values()) {
            if (file.lookedBefore(since)) {
                file.closeIdle();
            }
        }
    }

    /** How many bytes the files take. */
    long weight() {
        lock.lock();
        try {
            return weight;
        } finally {
            lock.unlock();
        }
    }
}
