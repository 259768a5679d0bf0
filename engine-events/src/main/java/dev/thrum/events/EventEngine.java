package dev.thrum.events;

import dev.thrum.engine.Engine;

/**
 * Opens the engine {@code events}: event loops, each carrying one virtual thread for each of its connections.
 *
 * <p>A handler is the same blocking code as on every engine. It runs on its connection's loop until it waits, so it
 * must not keep that thread long: what blocks it (files, name look-ups, native code, long computations) stops every
 * connection of that loop and goes through {@link Engine#offload}. A watchdog reports who doesn't. Threads that a
 * handler starts run on its loop too.
 */
public final class EventEngine {
    private EventEngine() {}

    /**
     * Opens the engine. Where virtual threads can't be given a scheduler ({@link dev.thrum.engine.spi.CustomScheduler})
     * it works all the same, but hands each event over to another thread, and says so in the log.
     *
     * @throws UnsupportedOperationException if this system does not have the transport
     */
    public static Engine open(EventOptions options) {
        options.transport().problem().ifPresent(problem -> {
            throw new UnsupportedOperationException(
                    "expected a system with " + options.transport() + " but there is none: " + problem);
        });
        return new Engine(new LoopBackend(options));
    }
}
