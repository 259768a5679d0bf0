package dev.thrum.events;

import dev.thrum.engine.Engine;

/**
 * The factory of the engine {@code events}: event loops, each of which runs one virtual thread for each of its
 * connections.
 *
 * <p>A handler is the same blocking code as on every engine. It runs on its connection's loop until it waits, so it
 * must not keep that thread long: blocking operations (files, name lookups, native code, long computations) stop
 * every connection of that loop and belong in {@link Engine#offload}. A watchdog reports handlers that block their
 * loop. Threads that a handler starts run on its loop too.
 */
public final class EventEngine {
    private EventEngine() {}

    /**
     * Opens the engine. In a JVM where virtual threads can't have a custom scheduler
     * ({@link dev.thrum.engine.spi.CustomScheduler}) it still works, but hands each event over to another thread, and
     * logs a warning.
     *
     * @throws UnsupportedOperationException if this system does not have the transport
     */
    public static Engine open(EventOptions options) {
        options.transport().problem().ifPresent(problem -> {
            throw new UnsupportedOperationException(
                    "expected a system with " + options.transport() + " but there is none: " + problem);
        });
        return new Engine(LoopBackend.open(options));
    }
}
