package dev.thrum.netty;

import dev.thrum.engine.Wire;
import org.jspecify.annotations.Nullable;

/** A connection that belongs to a loop. */
interface LoopWire extends Wire {
    Loop loop();

    /**
     * The conversation begins; called on the loop's thread, before the owner runs.
     *
     * @param home the virtual thread that owns the connection and that the loop carries; null if the loop carries none
     */
    void begin(@Nullable Thread home);

    /** Closes it, without a word; on the loop's thread. */
    void release();
}
