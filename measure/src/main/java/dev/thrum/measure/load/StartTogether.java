package dev.thrum.measure.load;

import dev.thrum.base.Clock;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Where the threads of a load wait for each other until all connections are open. Safe for concurrent use. */
final class StartTogether implements LoadLoop.StartLine {
    private final Clock clock;
    private final AtomicInteger missing;
    private final CompletableFuture<Long> start = new CompletableFuture<>();

    StartTogether(int threads, Clock clock) {
        this.clock = clock;
        missing = new AtomicInteger(threads);
    }

    @Override
    public long await() throws IOException {
        if (missing.decrementAndGet() == 0) {
            boolean _ = start.complete(clock.nanoTime());
        }
        try {
            return start.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw new IllegalStateException("expected the other threads of the load to begin, too", e);
        }
    }

    /** A thread has failed: the others, which wait for it, fail for the same reason. */
    void fail(Throwable cause) {
        boolean _ = start.completeExceptionally(cause);
    }
}
