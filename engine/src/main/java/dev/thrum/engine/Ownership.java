package dev.thrum.engine;

import dev.thrum.base.Threads;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one half of a connection, its input or its output. With {@code -Dthrum.debug=true} its use by any
 * other thread fails at once; otherwise nothing is recorded or checked.
 *
 * <p>It has no owner at first, and again after {@link #release} or when its owner has ended; the first thread that uses
 * it then becomes its owner.
 */
final class Ownership {
    /** Read once, when the class is loaded: if it is false, the JIT removes the checks. */
    static final boolean ASSERTED = Boolean.getBoolean("thrum.debug");

    /** Shared by all connections when nothing is asserted, so that it costs them no memory. */
    private static final Ownership UNCHECKED = new Ownership("");

    /** Stands for the owner of a connection that rests: no thread may use it then. */
    private static final Thread RESTING =
            Thread.ofVirtual().name("none, because the connection rests").unstarted(() -> {});

    private final String half;

    /**
     * Null while it has no owner. Changed by its owner, and by compare-and-set by the thread that becomes its owner.
     */
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    private Ownership(String half) {
        this.half = half;
    }

    static Ownership of(String half, long connection) {
        return ASSERTED ? new Ownership(half + " of connection " + connection) : UNCHECKED;
    }

    /**
     * Checks that the calling thread owns it; takes it if it has no owner.
     *
     * @throws IllegalStateException if another thread owns it
     */
    void require() {
        if (ASSERTED) {
            requireOrTake(Thread.currentThread());
        }
    }

    private void requireOrTake(Thread user) {
        Thread known = owner.get();
        if (known == null || (!known.isAlive() && !known.equals(RESTING))) {
            if (owner.compareAndSet(known, user)) {
                return;
            }
            known = owner.get();
        }
        if (known != null && !known.equals(user)) {
            throw new IllegalStateException(("expected the %s to be used by its owner, %s, but %s used it: leave it to"
                            + " its owner, or let the owner hand the connection over (releaseOwnership)")
                    .formatted(half, Threads.label(known), Threads.label(user)));
        }
    }

    /** Makes the calling thread its owner, whichever thread was before. */
    void take() {
        if (ASSERTED) {
            owner.set(Thread.currentThread());
        }
    }

    /**
     * Gives it up; the next thread that uses it becomes its owner.
     *
     * @throws IllegalStateException if another thread owns it
     */
    void release() {
        if (ASSERTED) {
            requireOrTake(Thread.currentThread());
            owner.set(null);
        }
    }

    /**
     * Gives it up if the calling thread owns it; returns whether it did, so that the thread can take it back later.
     */
    boolean lend() {
        return ASSERTED && owner.compareAndSet(Thread.currentThread(), null);
    }

    /** The connection rests: no thread owns it until one {@link #take}s it. */
    void rest() {
        if (ASSERTED) {
            boolean _ = owner.compareAndSet(Thread.currentThread(), RESTING);
        }
    }

    /**
     * Checks that the calling thread may inspect it, which is safe while its owner does not use it.
     *
     * @param used whether a thread is using it now
     * @throws IllegalStateException if that thread is another one
     */
    void requireUnused(boolean used) {
        if (ASSERTED && used) {
            requireOrTake(Thread.currentThread());
        }
    }
}
