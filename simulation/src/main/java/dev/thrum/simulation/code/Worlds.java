package dev.thrum.simulation.code;

import org.jspecify.annotations.Nullable;

/** The world of each thread. */
final class Worlds {
    static final InheritableThreadLocal<VirtualTime> CURRENT = new InheritableThreadLocal<>();

    /** A world that is asked for its threads: inheriting it would cost each of them. Written by the thread that runs it. */
    static volatile @Nullable VirtualTime all;

    private Worlds() {}

    static @Nullable VirtualTime current() {
        VirtualTime mine = CURRENT.get();
        VirtualTime world = all;
        return mine == null && world != null && world.isHere() ? world : mine;
    }
}
