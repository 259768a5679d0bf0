package dev.thrum.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls of one socket that may block, and its switch to a mode in which none does: that must not happen while a call is
 * in progress, because the JDK would wait for the call, and a call that begins meanwhile would never end.
 */
final class BlockingCalls {
    /** The kinds of calls; at most one of each is in progress. */
    enum Kind {
        READ(1),
        WRITE(2);

        private final int bit;

        Kind(int bit) {
            this.bit = bit;
        }
    }

    private static final int ANY = Kind.READ.bit | Kind.WRITE.bit;
    private static final int WANTED = 4;
    private static final int SWITCHED = 8;

    /** The kinds in progress, and whether the switch is wanted or made. */
    private final AtomicInteger state = new AtomicInteger();

    /** Whether no call blocks any more, or will soon: calls of this kind must use the other mode. */
    boolean isSwitched() {
        return state.get() == SWITCHED;
    }

    /** Begins a call; returns false if calls don't block any more. */
    boolean enter(Kind kind) {
        int now = state.get();
        while (now != SWITCHED) {
            if (state.compareAndSet(now, now | kind.bit)) {
                return true;
            }
            now = state.get();
        }
        return false;
    }

    /** Ends a call; returns whether the caller must make the switch now. */
    boolean leave(Kind kind) {
        while (true) {
            int now = state.get();
            int left = now & ~kind.bit;
            boolean switches = left == WANTED;
            if (state.compareAndSet(now, switches ? SWITCHED : left)) {
                return switches;
            }
        }
    }

    /** Asks for the switch; returns whether the caller must make it now, otherwise the last call does when it ends. */
    boolean want() {
        while (true) {
            int now = state.get();
            boolean free = (now & ANY) == 0;
            if (now == SWITCHED) {
                return false;
            }
            if (state.compareAndSet(now, free ? SWITCHED : now | WANTED)) {
                return free;
            }
        }
    }
}
