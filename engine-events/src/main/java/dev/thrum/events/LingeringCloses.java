package dev.thrum.events;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** How many connections take leave: their output has ended, and they wait for their peers to close too. */
final class LingeringCloses {
    /** How long a connection waits for its peer. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** At most so many wait; beyond that they are closed at once. */
    private static final int MOST = 1_024;

    private final AtomicInteger leaving = new AtomicInteger();

    /** Completed when nobody takes leave any more; replaced, once completed, by who waits for that again. */
    private final AtomicReference<CompletableFuture<Void>> allGone = new AtomicReference<>(new CompletableFuture<>());

    /** A connection would wait for its peer; returns whether it may. */
    boolean enter() {
        if (leaving.incrementAndGet() > MOST) {
            leave();
            return false;
        }
        return true;
    }

    /** It waits no more. */
    void leave() {
        if (leaving.decrementAndGet() == 0) {
            allGone.get().complete(null);
        }
    }

    /** Waits, at most so long, until nobody takes leave. */
    void await(Duration patience, Clock clock) {
        CompletableFuture<Void> late = new CompletableFuture<>();
        Clock.Timer timer = clock.schedule(patience, () -> late.complete(null));
        try {
            // The future first and the number then: who leaves counts first and completes then.
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
