package dev.thrum.pipeline;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.FaultReports;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The dead letters of a pipeline: passed to a listener, or the first of them kept. */
final class DeadLetters {
    /** How many are kept for the end. */
    static final int MOST_KEPT = 1_000;

    private static final System.Logger LOG = System.getLogger(Pipeline.class.getName());

    private final @Nullable Consumer<? super DeadLetter<?>> listener;
    private final FaultReports reports;

    /** Not held while the listener is called. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<DeadLetter<?>> kept = new ArrayList<>();

    @GuardedBy("lock")
    private long count;

    DeadLetters(@Nullable Consumer<? super DeadLetter<?>> listener, Clock clock) {
        this.listener = listener;
        this.reports = new FaultReports(LOG, clock);
    }

    /** Adds a letter; called by the worker that gave the item up. */
    void add(DeadLetter<?> letter) {
        if (listener != null) {
            pass(listener, letter);
        }
        lock.lock();
        try {
            count++;
            if (listener == null && kept.size() < MOST_KEPT) {
                kept.add(letter);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A listener that fails must not end a worker, and the item must not stay unfinished. */
    private void pass(Consumer<? super DeadLetter<?>> receiver, DeadLetter<?> letter) {
        try {
            receiver.accept(letter);
            reports.worked(() -> "the listener for dead letters works again");
        } catch (Throwable failure) {
            reports.failed("the listener for dead letters has failed on " + letter, failure);
        }
    }

    List<DeadLetter<?>> kept() {
        lock.lock();
        try {
            return List.copyOf(kept);
        } finally {
            lock.unlock();
        }
    }

    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }
}
