package dev.thrum.simulation.code;

import dev.thrum.base.Clock;
import java.util.Optional;

/** The clock of a world that has a time of its own; the threads of such a world inherit it. */
public interface VirtualTime extends Clock {
    /** Parks the calling thread of this world until it is unparked or interrupted, or this time has passed. */
    void parkNanos(Object blocker, long nanos);

    /** The clock of the world of the calling thread; empty outside of any. */
    static Optional<VirtualTime> current() {
        return Optional.ofNullable(Worlds.CURRENT.get());
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
