package dev.thrum.app.crawl;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.crawl.fetch.FetchResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** What runs and what became of the rest. Safe for concurrent use. */
final class Tally {
    private final int files;

    /** Nothing is acquired under it. */
    private final ReentrantLock lock = new ReentrantLock();

    /** In the order of their beginning. */
    @GuardedBy("lock")
    private final Set<Transfer> running = new LinkedHashSet<>();

    @GuardedBy("lock")
    private int saved;

    @GuardedBy("lock")
    private int present;

    @GuardedBy("lock")
    private int failed;

    /** Bytes of the complete files, and of those the ones that were transferred in this run. */
    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private long transferred;

    /** The time of all attempts, as if they had been one after the other. */
    @GuardedBy("lock")
    private long nanos;

    /**
     * The numbers at the end, or until then.
     *
     * @param files the number of URLs
     * @param saved those fetched by this run
     * @param present those that were there before
     * @param failed those given up
     * @param bytes of the files that are there
     * @param transferred bytes that this run has received for them
     * @param oneByOne the times of all attempts, added up
     */
    record Numbers(int files, int saved, int present, int failed, long bytes, long transferred, Duration oneByOne) {
        int complete() {
            return saved + present;
        }
    }

    /** A tally of this many files, none of which has begun. */
    Tally(int files) {
        this.files = files;
    }

    Transfer begin(String url) {
        Transfer transfer = new Transfer(url);
        lock.lock();
        try {
            running.add(transfer);
            return transfer;
        } finally {
            lock.unlock();
        }
    }

    /** An attempt has ended, one way or the other. */
    void end(Transfer transfer, long elapsed) {
        lock.lock();
        try {
            running.remove(transfer);
            nanos += elapsed;
        } finally {
            lock.unlock();
        }
    }

    void saved(FetchResult.Saved file) {
        lock.lock();
        try {
            saved++;
            bytes += file.bytes();
            transferred += file.transferred();
        } finally {
            lock.unlock();
        }
    }

    void present(long size) {
        lock.lock();
        try {
            present++;
            bytes += size;
        } finally {
            lock.unlock();
        }
    }

    void failed() {
        lock.lock();
        try {
            failed++;
        } finally {
            lock.unlock();
        }
    }

    Numbers numbers() {
        lock.lock();
        try {
            return new Numbers(files, saved, present, failed, bytes, transferred, Duration.ofNanos(nanos));
        } finally {
            lock.unlock();
        }
    }

    List<Transfer> running() {
        lock.lock();
        try {
            return new ArrayList<>(running);
        } finally {
            lock.unlock();
        }
    }
}
