package dev.thrum.events;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The count of lingering closes: connections whose output has ended and that wait for their peers to close too. */
final class LingeringCloses {
    /** How long a connection waits for its peer. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** How many times at most a lingering close is extended because the peer has read some output meanwhile. */
    static final int MOST_EXTENSIONS = 15;

    /** The maximum number of lingering connections; further ones are closed at once. */
    private static final int MOST = 1_024;

    private final AtomicInteger leaving = new AtomicInteger();

    /** Completed when no connection lingers any more; once completed, replaced by the next caller that waits. */
    private final AtomicReference<CompletableFuture<Void>> allGone = new AtomicReference<>(new CompletableFuture<>());

    /** Counts a connection that begins to linger; returns false if it may not. */
    boolean enter() {
        if (leaving.incrementAndGet() > MOST) {
            leave();
            return false;
        }
        return true;
    }

    /** Ends the lingering of a connection. */
    void leave() {
        if (leaving.decrementAndGet() == 0) {
            allGone.get().complete(null);
        }
    }

    /** Waits, at most this long, until no connection lingers. */
    void await(Duration patience, Clock clock) {
        CompletableFuture<Void> late = new CompletableFuture<>();
        Clock.Timer timer = clock.schedule(patience, () -> late.complete(null));
        try {
            // Get the future before reading the count, because leave() changes the count before it completes the
            // future.
            for (CompletableFuture<Void> gone = pending(); leaving.get() > 0 && !late.isDone(); gone = pending()) {
                CompletableFuture.anyOf(gone, late).join();
            }
        } finally {
            timer.cancel();
        }
    }

    private CompletableFuture<Void> pending() {
        CompletableFuture<Void> future = allGone.get();
        if (future.isDone()) {
            allGone.compareAndSet(future, new CompletableFuture<>());
        }
        return allGone.get();
    }
}
