package dev.thrum.tls;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Buffers of one size that nobody uses now, and new ones if there are none. Safe for concurrent use.
 *
 * @param <B> the kind of buffer
 */
final class SpareBuffers<B> {
    private static final int KEPT = 64;

    private final Supplier<B> maker;
    private final Queue<B> spare = new ConcurrentLinkedQueue<>();

    /** About how many are spare: a little more may be kept for a moment. */
    private final AtomicInteger spares = new AtomicInteger();

    SpareBuffers(Supplier<B> maker) {
        this.maker = maker;
    }

    B take() {
        B known = spare.poll();
        if (known == null) {
            return maker.get();
        }
        spares.decrementAndGet();
        return known;
    }

    void give(B buffer) {
        if (spares.get() < KEPT) {
            spares.incrementAndGet();
            spare.add(buffer);
        }
    }
}
