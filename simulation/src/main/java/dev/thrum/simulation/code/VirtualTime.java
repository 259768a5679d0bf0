package dev.thrum.simulation.code;

import dev.thrum.base.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The clock of a world that has a time of its own; the threads of such a world inherit it. */
public interface VirtualTime extends Clock {
    /** Parks the calling thread of this world until it is unparked or interrupted, or this time has passed. */
    void parkNanos(Object blocker, long nanos);

    /** The clock of the world of the calling thread; empty outside of any. */
    static Optional<VirtualTime> current() {
        return Optional.ofNullable(Worlds.current());
    }

    /** Whether the calling thread is one of this world, if the world is known by {@link #enterAll}. */
    default boolean isHere() {
        return false;
    }

    /** Makes this the world, or no world any more, of all threads that it says are of it; threads of another one keep theirs. */
    static void enterAll(@Nullable VirtualTime world) {
        Worlds.all = world;
    }

    /** Makes the calling thread, and all threads that it starts from now on, part of this world. */
    default void enter() {
        Worlds.CURRENT.set(this);
    }

    /** Ends what {@link #enter} began, for the calling thread. */
    default void leave() {
        Worlds.CURRENT.remove();
    }
}
