package dev.thrum.engine;

import dev.thrum.base.Threads;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which thread owns one half of a connection, its input or its output. With {@code -Dthrum.debug=true} its use by any
 * other thread fails at once; without, nothing is recorded and nothing checked.
 *
 * <p>Owned by nobody at first, and again after {@link #release}: then the first thread that uses it takes it. The two
 * halves are recorded apart, though both have the same owner today.
 */
final class Ownership {
    /** Read once, when the engine is loaded: the JIT leaves out the checks where it is false. */
    static final boolean ASSERTED = Boolean.getBoolean("thrum.debug");

    /** Stands for every half where nothing is asserted, so that connections cost no memory for it. */
    private static final Ownership UNCHECKED = new Ownership("");

    private final String half;

    /** Null while nobody owns it. Changed by its owner, and by compare-and-set by whoever takes what nobody owns. */
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    private Ownership(String half) {
        this.half = half;
    }

    static Ownership of(String half, long connection) {
        return ASSERTED ? new Ownership(half + " of connection " + connection) : UNCHECKED;
    }

    /**
     * The calling thread is about to use it.
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
        if (known == null) {
            known = owner.compareAndExchange(null, user);
        }
        if (known != null && !known.equals(user)) {
            throw new IllegalStateException(("expected the %s to be used by its owner, %s, but %s used it: leave it to"
                            + " its owner, or let the owner hand the connection over (releaseOwnership)")
                    .formatted(half, Threads.label(known), Threads.label(user)));
        }
    }

    /** The calling thread owns it from here on, whoever did before. */
    void take() {
        if (ASSERTED) {
            owner.set(Thread.currentThread());
        }
    }

    /**
     * Its owner gives it up: the next thread that uses it takes it.
     *
     * @throws IllegalStateException if another thread owns it
     */
    void release() {
        if (ASSERTED) {
            requireOrTake(Thread.currentThread());
            owner.set(null);
        }
    }

    /** Gives it up if the calling thread owns it, and returns whether it did: then that thread takes it back later. */
    boolean lend() {
        return ASSERTED && owner.compareAndSet(Thread.currentThread(), null);
    }

    /**
     * The calling thread is about to look at it, which harms nobody while the owner does not use it.
     *
     * @param used whether somebody is using it now
     * @throws IllegalStateException if that is another thread
     */
    void requireUnused(boolean used) {
        if (ASSERTED && used) {
            requireOrTake(Thread.currentThread());
        }
    }
}
