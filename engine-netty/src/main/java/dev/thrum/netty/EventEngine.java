package dev.thrum.netty;

import dev.thrum.engine.Engine;

/** Opens the engine {@code events}: one virtual thread per connection, carried by that connection's event loop. */
public final class EventEngine {
    private EventEngine() {}

    /** Opens the engine. */
    public static Engine open(EventOptions options) {
        if (options.loops() < Integer.MAX_VALUE) {
            throw new UnsupportedOperationException("not built yet: " + options);
        }
        return Engine.virtual();
    }
}
