package dev.thrum.pipeline;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** Draws the pauses of retries, for all workers: a generator of random numbers need not be thread-safe. */
final class Jitter {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final RandomGenerator random;

    Jitter(RandomGenerator random) {
        this.random = random;
    }

    Duration pause(RetryPolicy policy, int attempt) {
        lock.lock();
        try {
            return policy.pause(attempt, random);
        } finally {
            lock.unlock();
        }
    }
}
