package dev.thrum.crawl.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The names in a folder that are taken, by files that were there and by those of this run. Names that differ only in case or in their
 * Unicode normalization are the same. Safe for concurrent use.
 *
 * <p>Other processes may take names too: whoever uses a name must check that again when the file gets it.
 */
final class TakenNames {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<String> folded = new HashSet<>();

    /** The number to try next, by folded name, so that many files of one name don't try all numbers. */
    @GuardedBy("lock")
    private final Map<String, Integer> next = new HashMap<>();

    /** The names that are there now. */
    static TakenNames in(Path folder) throws IOException {
        TakenNames names = new TakenNames();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        }
        return names;
    }

    private void add(String name) {
        lock.lock();
        try {
            folded.add(SafeName.folded(name));
        } finally {
            lock.unlock();
        }
    }

    /** Takes a name: this one if it is free, else one with a number. */
    String take(String name) {
        lock.lock();
        try {
            String key = SafeName.folded(name);
            if (folded.add(key)) {
                return name;
            }
            int number = next.getOrDefault(key, 2);
            String candidate = SafeName.numbered(name, number);
            while (!folded.add(SafeName.folded(candidate))) {
                number++;
                candidate = SafeName.numbered(name, number);
            }
            next.put(key, number + 1);
            return candidate;
        } finally {
            lock.unlock();
        }
    }
}
