package dev.thrum.crawl.crawler;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** Pauses after failures: each about twice as long as the one before, with jitter. Safe for concurrent use. */
final class BackOff {
    private static final long FIRST_MILLIS = 1_000;
    private static final int MOST_DOUBLINGS = 6;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final RandomGenerator random;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    /** The pause after this many failures: from 1 s to 2 s after the first, at most about two minutes. */
    Duration pause(int failures) {
        long base = FIRST_MILLIS << Math.min(Math.max(failures - 1, 0), MOST_DOUBLINGS);
        lock.lock();
        try {
            return Duration.ofMillis(base + random.nextLong(base));
        } finally {
            lock.unlock();
        }
    }
}
