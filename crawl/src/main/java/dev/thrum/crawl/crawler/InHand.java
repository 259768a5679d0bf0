package dev.thrum.crawl.crawler;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Deadline;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much is under way in a crawl: URLs that were delivered, and neither recorded nor put back, and what else is to be recorded. Safe for
 * concurrent use; nothing is acquired under its lock.
 */
final class InHand {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isNone = lock.newCondition();

    @GuardedBy("lock")
    private int count;

    /** One more is under way. */
    void add() {
        lock.lock();
        try {
            count++;
        } finally {
            lock.unlock();
        }
    }

    /** One is recorded or put back. */
    void settled() {
        lock.lock();
        try {
            if (--count == 0) {
                isNone.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is under way; returns whether that is so. */
    boolean awaitNone(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (count > 0 && deadline.nanosLeft() > 0) {
                deadline.await(isNone);
            }
            return count == 0;
        } finally {
            lock.unlock();
        }
    }
}
