package dev.thrum.bench;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.netty.EventEngine;
import dev.thrum.netty.EventOptions;
import dev.thrum.netty.Transport;

/** Thrum's engines as they are measured: with one core for the server, and so one loop. */
final class Engines {
    /** Workers of engine {@code threads} beyond the connections measured: the last ones may not have ended yet. */
    private static final int SPARE_WORKERS = 512;

    /** Places beyond the connections measured, for the same reason. */
    private static final int SPARE_PLACES = 1_024;

    /** Opens an engine for so many connections. */
    @FunctionalInterface
    interface Starter {
        Engine open(int connections);
    }

    private Engines() {}

    static Starter events(Transport transport) {
        return _ -> EventEngine.open(
                EventOptions.defaults().withTransport(transport).withLoops(1));
    }

    static Starter virtual() {
        return _ -> Engine.virtual();
    }

    static Starter threads() {
        return connections -> Engine.threads(connections + SPARE_WORKERS, 0);
    }

    /** What users have by default, with room for so many connections. */
    static Limits limits(int connections) {
        int places = connections + SPARE_PLACES;
        return Limits.defaults().withMaxConnections(places).withMaxPerPeer(places);
    }
}
